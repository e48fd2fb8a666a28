"""The ways in: the command line, later HTTP and the page."""
