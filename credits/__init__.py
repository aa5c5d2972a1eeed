"""Schemes, ledger, certificates and their verification."""
