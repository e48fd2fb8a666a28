"""The document that every error is (RFC 9457)."""

from zoubian.api.http.wire.base import Answer


class FieldFault(Answer):
    """What is wrong with one field of a request."""

    field: str
    code: str
    message: str


class ProblemDocument(Answer):
    """An error in the user's language; `code` is stable and for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[FieldFault] | None = None
