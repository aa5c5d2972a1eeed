"""The house's own catalogue machinery, on Babel: no GNU gettext needs to be installed."""
