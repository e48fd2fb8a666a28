"""What holds for every route: a permission, a name, a document of its errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from desk_city import City
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from zoubian.api.http.app import PREFIX, ROUTERS
from zoubian.api.http.permissions import ROLES, Permission
from zoubian.pipeline.domain.actors import Role

OPEN_TO_ALL = {
    ("GET", "/health"),
    ("GET", "/openapi.json"),
    ("POST", "/session"),
    ("POST", "/session/reset"),
}


def permissions_of(dependant: Dependant) -> Iterator[Permission]:
    """The permissions that a route's dependencies name, however deep they stand."""
    found = getattr(dependant.call, "permission", None)
    if found is not None:
        yield found
    for inner in dependant.dependencies:
        yield from permissions_of(inner)


def walk(app: FastAPI) -> Iterator[tuple[str, str, list[Permission]]]:
    for context in iter_route_contexts(app.routes):
        assert isinstance(context.original_route, APIRoute), context.path
        named = list(permissions_of(context.dependant))
        for method in sorted(context.methods or ()):
            yield method, str(context.path), named


def test_every_route_names_one_permission(shared_city: City) -> None:
    routes = list(walk(shared_city.app))
    assert len(routes) >= 70
    wrong = [(method, path, named) for method, path, named in routes if len(named) != 1]
    assert wrong == []


def test_only_a_few_routes_are_open_to_everybody(shared_city: City) -> None:
    found = {
        (method, path.removeprefix(PREFIX))
        for method, path, named in walk(shared_city.app)
        if Permission.PUBLIC in named
    }
    assert found == OPEN_TO_ALL


def test_every_permission_has_its_roles_and_a_route(shared_city: City) -> None:
    assert set(ROLES) == set(Permission)
    used = {name for _, _, named in walk(shared_city.app) for name in named}
    assert used == set(Permission)
    assert all(Role.SYSTEM not in roles for roles in ROLES.values())


def test_nobody_reaches_a_route_without_signing_in(shared_city: City) -> None:
    nobody = shared_city.nobody()
    for method, path, named in walk(shared_city.app):
        if Permission.PUBLIC in named:
            continue
        answer = nobody.ask(method, path.removeprefix(PREFIX).replace("{", "").replace("}", ""))
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), path


@pytest.mark.parametrize("user_id", ["officer", "reviewer", "admin", "inspector", "office"])
def test_a_role_without_the_permission_is_refused_before_anything_is_read(
    shared_city: City, user_id: str
) -> None:
    person = shared_city.person(user_id)
    role = Role(person.get("/session")["acting_as"]["role"])
    refused = 0
    for method, path, [permission] in walk(shared_city.app):
        if role in ROLES[permission]:
            continue
        answer = person.ask(method, path.removeprefix(PREFIX).replace("{", "").replace("}", ""))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path
        refused += 1
    assert refused >= 1


def test_the_document_describes_every_route_with_names_of_its_own(shared_city: City) -> None:
    document: Any = shared_city.nobody().get("/openapi.json")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert sum(len(router.routes) for router in ROUTERS) - 1 == len(names)
    for operation in operations:
        told = operation["responses"]["default"]["content"]
        assert list(told) == ["application/problem+json"]
    schemas = document["components"]["schemas"]
    assert "ProblemDocument" in schemas
    assert "HTTPValidationError" not in schemas
    assert set(schemas["CaseState"]["enum"]) >= {"registered", "dispatched", "returned", "closed"}


@pytest.mark.parametrize(
    ("method", "path", "given", "expected"),
    [
        ("GET", "/nothing", {}, (404, "not_found")),
        ("PATCH", "/cases", {}, (405, "method_not_allowed")),
        ("POST", "/session", {"content": b"{"}, (422, "invalid")),
        ("POST", "/session", {"json": {"user_id": "x"}}, (422, "invalid")),
        ("POST", "/session", {"content": b"x" * (1 << 21)}, (413, "too_large")),
    ],
)
def test_every_error_is_a_problem_document(
    shared_city: City, method: str, path: str, given: dict[str, Any], expected: tuple[int, str]
) -> None:
    headers = {"Content-Type": "application/json"}
    assert shared_city.nobody().refused(method, path, headers=headers, **given) == expected


def test_a_large_body_is_refused_also_without_a_stated_length(shared_city: City) -> None:
    def blocks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * (1 << 16)

    headers = {"Content-Type": "application/json"}
    refused = shared_city.nobody().refused("POST", "/session", content=blocks(), headers=headers)
    assert refused == (413, "too_large")


def test_what_a_form_gets_wrong_is_named_in_the_users_language(shared_city: City) -> None:
    answer = shared_city.nobody().ask("POST", "/session", json={"user_id": "a", "more": 1})
    faults = {fault["field"]: fault["message"] for fault in answer.json()["errors"]}
    assert faults == {"body.password": "缺少此项", "body.more": "没有此项"}


def test_an_unexpected_error_shows_nothing_of_the_inside(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    officer = city.person("officer")
    city.workspace.engine.dispose()

    class Broken:
        def current(self, _session: object) -> None:
            raise RuntimeError("secret of the inside")

    service = city.app.state.service
    object.__setattr__(service.workspace, "organisation", Broken())
    answer = officer.ask("GET", "/session")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["request_id"] in {
        getattr(record, "request_id", None) for record in caplog.records
    }


def test_the_log_holds_no_secrets(city: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    officer = city.person("officer")
    officer.get("/cases", text="张三家门口")
    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "'user': 'officer'" in logged
    for secret in ("张三", officer.http.headers["X-CSRF-Token"], "Correct-Horse"):
        assert secret not in logged
