"""The OpenAPI document, from which clients are generated."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from zoubian.api.http.problems import MEDIA_TYPE
from zoubian.api.http.wire.problems import FieldFault, ProblemDocument

_SCHEMAS = "#/components/schemas/"


def describe(app: FastAPI) -> dict[str, Any]:
    """The document of all routes; every error is a problem document."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, routes=app.routes, openapi_version="3.1.0"
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for gone in ("HTTPValidationError", "ValidationError"):
            schemas.pop(gone, None)
        for model in (FieldFault, ProblemDocument):
            schemas[model.__name__] = model.model_json_schema(ref_template=_SCHEMAS + "{model}")
            schemas[model.__name__].pop("$defs", None)
        told = {
            "description": "What went wrong (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}ProblemDocument"}}},
        }
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = told
        app.openapi_schema = document
    return app.openapi_schema
