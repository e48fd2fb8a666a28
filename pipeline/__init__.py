"""The product without the web: from intake to candidates, and later the ledger."""
