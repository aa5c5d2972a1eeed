"""`bin/test`: what is run, in which column, and what is told at the end."""
