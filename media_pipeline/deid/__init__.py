"""De-identification of headers (PS3.15, Annex E), texts and pixels."""
