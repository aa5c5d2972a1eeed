"""Set-up, the supervisor and the columns."""
