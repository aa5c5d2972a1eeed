"""Teaching videos: a released loop as an encrypted HLS ladder whose key goes with its release."""
