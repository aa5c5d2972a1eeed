"""Which root keys this installation knows: a row for each, so that another machine's folder is not taken for ours."""
