"""The ledger: what happened to candidates and cases, appended only and chained."""
