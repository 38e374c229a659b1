"""What the phone is built from is what the server validates with."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import generate_documents

GENERATED = Path(__file__).parents[3] / "pwa" / "src" / "generated"
GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"


def test_the_checked_in_files_are_fresh(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`scripts/generate --check` has nothing to say."""
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate_documents.main() == 0
    assert capsys.readouterr().out == ""


def test_a_stale_file_is_found_and_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The check prints the difference, exits with 1, and writes nothing; without it the file is mended."""
    monkeypatch.setattr(generate_documents, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["generate"])
    assert generate_documents.main() == 0
    types = tmp_path / "documents.ts"
    fresh = types.read_text(encoding="utf-8")
    types.write_text(fresh.replace("added: number;", "added: string;"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["generate", "--check"])
    assert generate_documents.main() == 1
    assert "-  added: string;" in capsys.readouterr().out
    assert "added: string;" in types.read_text(encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["generate"])
    assert generate_documents.main() == 0
    assert types.read_text(encoding="utf-8") == fresh


def test_the_types_name_every_field_of_every_golden_document() -> None:
    """A field the server knows is a field the phone knows, optional exactly where it has a default."""
    types = (GENERATED / "documents.ts").read_text(encoding="utf-8")
    schema = json.loads((GENERATED / "documents.schema.json").read_text(encoding="utf-8"))
    for name, definition in schema["$defs"].items():
        if "properties" not in definition:
            continue
        block = re.search(rf"export interface {name}(?:Document)? {{\n(.*?)\n}}", types, re.DOTALL)
        assert block, name
        fields = dict(re.findall(r"^  (\w+)(\??):", block[1], re.MULTILINE))
        expected = {key: "" if key in definition["required"] else "?" for key in definition["properties"]}
        assert fields == expected


def test_the_schema_describes_the_golden_documents() -> None:
    """Each accepted golden document has the required fields of its definition, and an id its pattern matches."""
    schema = json.loads((GENERATED / "documents.schema.json").read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = json.loads((GOLDEN / "documents.json").read_text(encoding="utf-8"))
    for case in cases:
        if case["fault"] is None:
            document = case["document"]
            definition = schema["$defs"][document["type"].capitalize()]
            assert set(definition["required"]) <= document.keys()
            assert re.search(definition["properties"]["_id"]["pattern"], document["_id"])
