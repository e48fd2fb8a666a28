"""The job table, its queue and the supervised children."""
