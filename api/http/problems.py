"""Every error as an RFC 9457 document in the user's language; nothing of the inside shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zoubian.api.http.language import Language, language_of
from zoubian.api.http.wire.problems import FieldFault, ProblemDocument
from zoubian.pipeline.accounts.lockout import LockedError
from zoubian.pipeline.db.errors import WorkspaceError
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.files import StorageError

MEDIA_TYPE = "application/problem+json"

Words = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Fault:
    """An error before it is told: HTTP status, stable code, one sentence in each language."""

    status: int
    code: str
    zh: str
    en: str
    headers: Mapping[str, str] | None = None


class HttpFault(Exception):
    """Ends a request with a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.en)
        self.fault = fault


NOT_FOUND = Fault(404, "not_found", "没有找到", "not found")
NOT_SIGNED_IN = Fault(
    401, "not_signed_in", "请先登录", "sign in first", {"WWW-Authenticate": "Bearer"}
)
FORBIDDEN = Fault(403, "forbidden", "您没有此项权限", "you may not do this")
TOO_LARGE = Fault(413, "too_large", "提交的内容过大", "what was sent is too large")
INTERNAL = Fault(
    500,
    "internal",
    "服务器内部错误，请稍后再试；反复出现时请把请求编号告诉管理员",
    "internal error: try again later; if it stays, tell the administrator the request id",
)

_BY_STATUS: Mapping[int, Fault] = {
    400: Fault(400, "bad_request", "请求无法理解", "the request cannot be understood"),
    401: NOT_SIGNED_IN,
    403: FORBIDDEN,
    404: NOT_FOUND,
    405: Fault(405, "method_not_allowed", "不支持这种操作", "this method is not allowed here"),
    413: TOO_LARGE,
    415: Fault(415, "media_type", "不支持这种内容格式", "this content type is not supported"),
    416: Fault(416, "range", "请求的范围无效", "the range cannot be served"),
    429: Fault(429, "too_many", "操作过于频繁，请稍后再试", "too many requests: try again later"),
}

# What a refusal means for HTTP; those that are not named say that the content cannot be used.
_REFUSED: Mapping[str, int] = {
    "conflict": 409,
    "wrong_state": 409,
    "condition_missing": 409,
    "condition_holds": 409,
    "request_reused": 409,
    "undo_first": 409,
    "nothing_to_undo": 409,
    "dispatched": 409,
    "joined_since": 409,
    "upload_offset": 409,
    "upload_busy": 409,
    "same_unit": 409,
    "held_back": 409,
    "role": 403,
    "other_unit": 403,
    "own_work": 403,
    "not_yours": 403,
    "reviewer_first": 403,
    "on_site_only": 403,
    "csrf": 403,
    "no_such_case": 404,
    "no_such_candidate": 404,
    "no_such_account": 404,
    "no_such_file": 404,
    "no_such_upload": 404,
    "no_such_patrol": 404,
    "no_such_link": 404,
    "wrong_password": 401,
    "wrong_code": 401,
    "locked": 429,
    "upload_too_large": 413,
    "no_model": 503,
    "no_space": 507,
    "broken": 500,
}
_REFUSED_OTHERWISE = 422

_TITLES: Mapping[int, Words] = {
    400: ("请求有误", "Bad request"),
    401: ("未登录", "Not signed in"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("不支持的操作", "Method not allowed"),
    409: ("与现状冲突", "Conflict"),
    413: ("内容过大", "Too large"),
    415: ("格式不支持", "Unsupported content type"),
    416: ("范围无效", "Range not satisfiable"),
    422: ("内容有误", "Content cannot be used"),
    429: ("过于频繁", "Too many requests"),
    500: ("内部错误", "Internal error"),
    503: ("暂不可用", "Not available"),
    507: ("空间不足", "Storage"),
}

_VALIDATION: Mapping[str, Words] = {
    "missing": ("缺少此项", "is missing"),
    "extra_forbidden": ("没有此项", "is not known"),
    "enum": ("不在可选范围内", "is not one of the choices"),
    "literal_error": ("不在可选范围内", "is not one of the choices"),
    "string_too_short": ("不能为空", "is too short"),
    "string_too_long": ("过长", "is too long"),
    "string_pattern_mismatch": ("格式不对", "has the wrong form"),
    "string_type": ("应为文字", "should be text"),
    "int_parsing": ("应为整数", "should be a whole number"),
    "int_type": ("应为整数", "should be a whole number"),
    "float_parsing": ("应为数字", "should be a number"),
    "float_type": ("应为数字", "should be a number"),
    "bool_parsing": ("应为是或否", "should be true or false"),
    "greater_than_equal": ("过小", "is too small"),
    "greater_than": ("过小", "is too small"),
    "less_than_equal": ("过大", "is too large"),
    "less_than": ("过大", "is too large"),
    "too_long": ("过多", "has too many items"),
    "too_short": ("过少", "has too few items"),
    "timezone_aware": ("时间须带时区", "should name its time zone"),
    "datetime_from_date_parsing": ("时间格式不对", "is no time"),
    "datetime_parsing": ("时间格式不对", "is no time"),
    "json_invalid": ("不是有效的 JSON", "is no valid JSON"),
}
_INVALID: Words = ("内容无效", "cannot be used")


def add_handlers(app: FastAPI) -> None:
    """Let every error of a route leave as a problem document."""

    @app.exception_handler(HttpFault)
    def http_fault(request: Request, error: HttpFault) -> Response:
        return problem(request, error.fault)

    @app.exception_handler(Refusal)
    def refused(request: Request, error: Refusal) -> Response:
        return problem(request, refusal_fault(error))

    @app.exception_handler(WorkspaceError)
    @app.exception_handler(StorageError)
    def unusable(request: Request, error: WorkspaceError | StorageError) -> Response:
        status = 507 if isinstance(error, StorageError) else 500
        # The message names folders of the server: it is for the log, and for administrators.
        return problem(
            request,
            Fault(
                status,
                error.code,
                "服务器的数据存储不可用，请联系管理员",
                "the server's storage cannot be used: tell the administrator",
            ),
        )

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return validation_problem(request, error.errors())

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        fault = _BY_STATUS.get(error.status_code) or Fault(error.status_code, "http", *_INVALID)
        return problem(request, fault, headers=error.headers)


def refusal_fault(refusal: Refusal) -> Fault:
    """A refusal as a fault."""
    status = _REFUSED.get(refusal.code, _REFUSED_OTHERWISE)
    headers = None
    if isinstance(refusal, LockedError):
        headers = {"Retry-After": str(refusal.retry_after_s)}
    return Fault(status, refusal.code, refusal.message_zh, refusal.message_en, headers)


def problem(
    request: Request,
    fault: Fault,
    *,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The document of a fault, as a response."""
    language = language_of(request)
    title = _TITLES.get(fault.status, _TITLES[400])
    document = ProblemDocument(
        type=f"urn:zoubian:problem:{fault.code}",
        title=_in(language, title),
        status=fault.status,
        detail=_in(language, (fault.zh, fault.en)),
        code=fault.code,
        request_id=getattr(request.state, "request_id", None),
        errors=list(faults) or None,
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=fault.status,
        media_type=MEDIA_TYPE,
        headers={**(fault.headers or {}), **(headers or {}), "Content-Language": language},
    )


def validation_problem(request: Request, errors: Sequence[Any]) -> JSONResponse:
    """The document of a request that does not have the right form; values are not repeated."""
    language = language_of(request)
    faults = [
        FieldFault(
            field=".".join(str(part) for part in error["loc"]),
            code=error["type"],
            message=_in(language, _VALIDATION.get(error["type"], _INVALID)),
        )
        for error in errors
    ]
    where = "、".join(fault.field for fault in faults[:5])
    fault = Fault(422, "invalid", f"内容有误：{where}", f"the content cannot be used: {where}")
    return problem(request, fault, faults=faults)


def _in(language: Language, words: Words) -> str:
    return words[0] if language == "zh" else words[1]
