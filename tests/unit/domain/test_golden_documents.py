"""The golden documents: old versions, unknown fields, and wrong shapes with the place of the fault."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.domain.errors import Invalid
from server.domain.identifiers import type_of
from server.domain.identity import SERVER
from server.domain.validation import validate, validate_bytes

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"
CASES: list[dict[str, Any]] = json.loads((GOLDEN / "documents.json").read_text(encoding="utf-8"))
GOOD = [pytest.param(case, id=case["name"]) for case in CASES if case["fault"] is None]
BAD = [pytest.param(case, id=case["name"]) for case in CASES if case["fault"] is not None]


@pytest.mark.parametrize("case", GOOD)
def test_a_known_shape_is_accepted_and_left_untouched(case: dict[str, Any]) -> None:
    """Old versions and unknown fields pass, as a dictionary and as text, and validation changes nothing in them."""
    document, before = case["document"], json.dumps(case["document"])
    validate(document, None, SERVER, case["database"])
    validate_bytes(document["_id"], msgspec.json.encode(document), None, SERVER, case["database"])
    assert json.dumps(document) == before


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_shape_is_refused_with_the_path_of_its_fault(case: dict[str, Any]) -> None:
    """The refusal names the place, the same whether the document came as a dictionary or as text."""
    document = case["document"]
    with pytest.raises(Invalid) as as_dictionary:
        validate(document, None, SERVER, case["database"])
    with pytest.raises(Invalid) as as_text:
        validate_bytes(document["_id"], msgspec.json.encode(document), None, SERVER, case["database"])
    assert (as_dictionary.value.path, as_text.value.path) == (case["fault"], case["fault"])
    assert as_dictionary.value.reason


def test_an_unknown_type_is_told_which_are_known() -> None:
    """Whoever sends a type we do not know learns what this database takes."""
    with pytest.raises(Invalid, match="closing, dispatch, event, reply, report, sheet"):
        validate({"_id": "artwork:1", "type": "artwork", "schema": 1}, None, SERVER, "chapter-moscow")


def test_text_that_is_no_json_is_invalid_as_a_whole() -> None:
    """A body cut short has no path to name."""
    with pytest.raises(Invalid) as refused:
        validate_bytes("event:x", b'{"type": "ev', None, SERVER, "chapter-moscow")
    assert refused.value.path == ""


@pytest.mark.parametrize("identifier", [None, 7, ["event"]])
def test_an_id_that_is_no_text_is_invalid(identifier: object) -> None:
    """The fault is in `_id`, even where the rest is missing too."""
    with pytest.raises(Invalid) as refused:
        validate({"_id": identifier}, None, SERVER, "chapter-moscow")
    assert refused.value.path == "_id"


def test_every_golden_document_that_is_accepted_names_its_own_type() -> None:
    """The prefix of an id is the type, so that a tombstone, which has no body, is still known for what it was."""
    accepted = [case["document"] for case in CASES if case["fault"] is None]
    assert all(type_of(document["_id"]) == document["type"] for document in accepted)
