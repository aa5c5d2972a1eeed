"""The composition root: settings, addresses, processes. `config.setup` runs before anything is installed."""
