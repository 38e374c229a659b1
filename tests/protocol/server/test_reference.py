"""The description of the JSON endpoints: it is the server's own, and the server keeps to it."""

import re
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server import reference
from server.reference.openapi import described, document
from server.reference.operations import OPERATIONS
from tests.protocol.server.house import House

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
FIELDS = {field for shape in document()["components"]["schemas"].values() for field in shape.get("properties", {})}


def test_every_json_route_is_described_and_every_description_has_its_route() -> None:
    """A new endpoint without an entry fails here, as does an entry whose endpoint has gone."""
    assert {handler for _, handler in described()} == set(OPERATIONS)
    assert {route.path for route, _ in described()} == set(document()["paths"])


def test_it_is_served_as_a_document_and_as_a_page(house: House) -> None:
    """OpenAPI 3.1 for programs; for people each endpoint and each shape, in both languages, on a page like the others."""
    served = house.client.get("/api/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    assert [route.path for route in reference.ROUTES] == ["/api/openapi.json", "/public/{language:language}/api"]
    for language in ("ru", "en"):
        page = house.client.get(f"/public/{language}/api").text
        assert all(path in page for path in served["paths"])
        assert all(f'id="{shape}"' in page for shape in served["components"]["schemas"])


def test_the_russian_page_is_in_russian(house: House) -> None:
    """Latin letters are in code and in names alone, and nothing is left in another language."""
    page = house.client.get("/public/ru/api").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "lang=" not in main
    words = re.sub(r"<[^>]*>", " ", re.sub(r"<code>.*?</code>", " ", main, flags=re.DOTALL))
    assert set(re.findall(r"[A-Za-z_]{2,}", words)) - FIELDS <= {
        "OpenAPI",
        "POST",
        "api",
        "join",
        "Authorization",
        "null",
    }


@pytest.mark.parametrize("role", ["nobody", "coordinator", "national", "hub"])
def test_no_request_is_answered_otherwise_than_described(house: House, role: str) -> None:
    """Requests made up from the document (bounded, seeded), by each role: no 5xx, no status, type or shape that isn't in it."""
    chapters = ("moscow",) if role in ("coordinator", "hub") else ()
    headers = {} if role == "nobody" else house.join(role, *chapters).headers
    for found in schemathesis.openapi.from_asgi("/api/openapi.json", house.client.app).get_all_operations():
        operation = found.ok()  # type: ignore[union-attr] # a document that is wrong fails right here
        assert operation is not None

        @hypothesis.seed(1)
        @hypothesis.settings(
            max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=list(HealthCheck)
        )
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            answer = house.client.request(
                case.method, case.formatted_path, params=case.query, headers=headers, **_body(case.body)
            )
            case.validate_response(answer, checks=CHECKS, headers=headers)

        ask()


def _body(given: Any) -> dict[str, Any]:
    if isinstance(given, NotSet):
        return {}
    return {"content": given} if isinstance(given, bytes) else {"json": given}
