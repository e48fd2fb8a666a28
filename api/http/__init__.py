"""The service: the ledger and all that leads to it over HTTP."""
