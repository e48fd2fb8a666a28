"""Nothing that is sent brings an internal error about, whoever sends it and whatever it is."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from desk_city import City
from fastapi.routing import iter_route_contexts

from zoubian.api.http.app import PREFIX

WEIRD: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    -1,
    10**30,
    1e308,
    True,
    "",
    "\x00",
    "\ud800",
    "x" * 5000,
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "2026-11-23T00:00:00",
    "' OR 1=1 --",
    ["\x00"],
    {"a": {"b": "\x00"}},
)
TEXTS = ("", "\x00", "x" * 5000, "-1", str(10**30), "NaN", "inf", "9999-12-31T23:59:59-12:00", "%")
CURSORS = ([10**30], [None], ["\x00"], ["2026-01-01", "x"], ["9999-12-31T23:59:59-12:00", "x"], {})


def schemas_of(document: Any, operation: Any) -> dict[str, Any]:
    """Properties of an operation's JSON body, none without one."""
    content = operation.get("requestBody", {}).get("content", {})
    named = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    properties: dict[str, Any] = document["components"]["schemas"].get(named, {})
    return dict(properties.get("properties", {}))


def operations(city: City) -> Iterator[tuple[str, str, Any]]:
    document = city.nobody().get("/openapi.json")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path.removeprefix(PREFIX), operation


def fits(status: int) -> bool:
    return status < 500 or status in (503, 507)


@pytest.fixture(scope="module")
def city(shared_city: City) -> City:
    """With rows that requests can be about."""
    shared_city.case("c1")
    shared_city.candidate("c2")
    return shared_city


def real(city: City, path: str) -> str:
    case_id = city.person("office").get("/cases")["items"][0]["id"]
    for name, value in (
        ("case_id", case_id),
        ("candidate_id", "c2"),
        ("user_id", "nobody"),
        ("unit_id", "street-1"),
        ("sha256", "a" * 64),
    ):
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "").replace("}", "")


def test_weird_bodies(city: City) -> None:
    document = city.nobody().get("/openapi.json")
    person = city.person("office")
    for method, path, operation in list(operations(city)):
        properties = schemas_of(document, operation)
        if not properties or path.startswith(("/session", "/ledger")):
            continue
        where = real(city, path)
        bodies = [dict.fromkeys(properties, weird) for weird in WEIRD]
        bodies += [{name: weird} for name in properties for weird in WEIRD[::6]]
        for body in bodies:
            content = json.dumps(body).encode()
            answer = person.ask(
                method, where, content=content, headers={"Content-Type": "application/json"}
            )
            assert fits(answer.status_code), (method, where, body, answer.text)


def test_weird_parameters(city: City) -> None:
    person = city.person("office")
    for method, path, operation in list(operations(city)):
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
        where = real(city, path)
        for name in names if method == "GET" else ():
            cursors = [base64.urlsafe_b64encode(json.dumps(one).encode()) for one in CURSORS]
            for value in (*TEXTS, *(cursors if name == "after" else ())):
                answer = person.ask(method, where, params={name: value})
                assert fits(answer.status_code), (where, name, value, answer.text)


@pytest.mark.parametrize("name", ["\x00", "..%2f..%2fetc", "%ff", "x" * 3000, "' OR 1=1 --"])
def test_weird_names_of_rows(city: City, name: str) -> None:
    office = city.person("office")
    for context in iter_route_contexts(city.app.routes):
        path = str(context.path).removeprefix(PREFIX)
        if "{" in path:
            before, _, after = path.partition("{")
            where = before + (name if name.isprintable() else "%00") + after.partition("}")[2]
            for method in context.methods or ():
                answer = office.ask(method, where.replace("{", "").replace("}", ""), json={})
                assert fits(answer.status_code), (method, where, answer.text)


@pytest.mark.parametrize("header", ["Bearer", "Bearer zbd_\xff", "Bearer zbt_", "Basic x", "\x01"])
def test_weird_credentials(city: City, header: str) -> None:
    answer = city.nobody().ask(
        "GET", "/session", headers={"Authorization": header.encode("latin-1")}
    )
    assert answer.status_code == 401
