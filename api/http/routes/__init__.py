"""The routes, one module a subject: parse, ask a pipeline service, answer."""
