"""What travels over HTTP: requests and answers as pydantic models, one module a subject."""
