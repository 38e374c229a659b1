"""The document: made from the routes as they are, so that it can't describe another server than this one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server import api, public
from server.language import language_named
from server.public.answers import keepable, page
from server.reference.operations import OPERATIONS, PARAMETERS, Handler, Operation, Refusal

_IN_PATH = re.compile(r"\{(\w+)\}")
_SCHEMAS = "#/components/schemas/{name}"
# Programmers of all countries read the document; the page is in the reader's language.
_words = language_named("en").text


async def openapi(request: Request) -> Response:
    """The document as JSON."""
    return keepable(request, msgspec.json.encode(document()), "application/json")


async def reference(request: Request) -> Response:
    """The same as a page."""
    return page(request, "api.html", document=document(), typed=typed, named=named)


def typed(schema: Mapping[str, Any]) -> str:
    """A schema as programmers of all countries read it: `string (date-time) | null`, `PublicEvent[]`, `{string: Receipt}`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(typed(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"“{one}”" for one in schema["enum"])
    if "items" in schema:
        return f"{typed(schema['items'])}[]" if "enum" not in schema["items"] else f"({typed(schema['items'])})[]"
    if isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"{{string: {typed(values)}}}"
    return f"{schema.get('type', 'any')}{' (' + schema['format'] + ')' if 'format' in schema else ''}"


def named(schema: Mapping[str, Any]) -> str | None:
    """The shape that a schema speaks of, by itself or as what a list or an object is made of."""
    if "$ref" in schema:
        return typed(schema)
    inner = schema.get("items") or schema.get("additionalProperties")
    return named(inner) if isinstance(inner, Mapping) else None


def described() -> Iterator[tuple[Route, Handler]]:
    """The routes the document speaks of: all of /api, and the JSON of /public."""
    routes: Iterable[BaseRoute] = [*api.ROUTES, *public.ROUTES]
    for route in routes:
        if isinstance(route, Route) and (route.path.startswith("/api/") or route.path.endswith(".json")):
            yield route, route.endpoint


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this server."""
    shapes = [Refusal, *(shape for one in OPERATIONS.values() for shape in (one.answers, one.body) if shape)]
    shapes = [shape for shape in shapes if shape is not bytes]
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_SCHEMAS)
    schema_of = {repr(shape): schema for shape, schema in zip(shapes, schemas, strict=True)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Otkrytka",
            "version": version("otkrytka"),
            "summary": _words("reference-lead"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(_path(route, OPERATIONS[handler], schema_of) for route, handler in described()),
        "components": {
            "schemas": components,
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer", "description": "The device's token."}},
        },
    }


def _path(route: Route, operation: Operation, schema_of: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    [method] = (route.methods or set()) - {"HEAD"}
    return route.path, {method.lower(): _operation(route, operation, schema_of)}


def _operation(route: Route, operation: Operation, schema_of: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.endpoint.__name__,
        "tags": [route.path.split("/")[1]],
        "summary": _words(f"reference-{route.endpoint.__name__}"),
        "parameters": [*_parameters(_IN_PATH.findall(route.path), "path"), *_parameters(operation.parameters, "query")],
        "responses": {str(status): answer for status, answer in _answers(operation, schema_of)},
    }
    if operation.roles:
        described["security"] = [{"device": []}]
        described["x-roles"] = operation.roles
    if operation.binary:
        described["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    elif operation.body is not None:
        described["requestBody"] = {"required": True, "content": _json(schema_of[repr(operation.body)])}
    return described


def _parameters(names: Iterable[str], place: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": place, "required": place == "path", "schema": PARAMETERS[name]} for name in names]


def _answers(operation: Operation, schema_of: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    schema = schema_of[repr(operation.answers)]
    yield operation.status, {"description": _words("reference-answer"), "content": _json(schema)}
    for status in operation.refusals:
        yield status, {"description": _words(f"reference-refused-{status}"), "content": _json(schema_of[repr(Refusal)])}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
