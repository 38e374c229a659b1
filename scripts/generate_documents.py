"""Turn the structs of `server/domain/documents.py` into a JSON Schema and TypeScript types for the phone.

    documents.py ──msgspec──► documents.schema.json ──► documents.ts ◄── the names of the rules in errors.py

Both files are checked in, so that the phone's build needs no Python; `--check` finds them stale.
"""

import argparse
import difflib
import inspect
import json
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec

from server.domain import documents, errors, identifiers

FOLDER = Path(__file__).resolve().parent.parent / "pwa" / "src" / "generated"
UNIONS = {
    "InChapter": documents.InChapter,
    "InRegister": documents.InRegister,
    "InDevices": documents.InDevices,
}
DOCUMENTS = {struct.__name__ for union in UNIONS.values() for struct in get_args(union)}
CONSTANTS = {
    "ROLES": ("Role", documents.Role),
    "EVENT_KINDS": ("EventKind", documents.EventKind),
    "EVENT_STATUSES": ("EventStatus", documents.EventStatus),
    "LETTER_KINDS": ("LetterKind", documents.LetterKind),
    "ORIGINS": ("Origin", documents.Origin),
    "BASES": ("Basis", documents.Basis),
    "DECLARABLES": ("Declarable", documents.Declarable),
    "METHODS": ("Method", documents.Method),
    "REPORT_KINDS": ("ReportKind", documents.ReportKind),
    "RULES": ("Rule", errors.Rule),
}
LIMITS = {
    "count": documents.MAX_COUNT,
    "lines": documents.MAX_LINES,
    "items": documents.MAX_ITEMS,
    "title": documents.MAX_TITLE,
    "text": documents.MAX_TEXT,
    "slug": identifiers.SLUG_LENGTH,
}
ENVELOPE = {"_rev": {"type": "string"}, "_deleted": {"type": "boolean"}}
HEADER = "// Generated from server/domain/documents.py by scripts/generate. Do not edit.\n"

Schema = dict[str, Any]


def schema() -> Schema:
    """Describe every document, envelope included, with one definition per struct."""
    structs = [struct for union in UNIONS.values() for struct in get_args(union)]
    _, definitions = msgspec.json.schema_components(structs)
    for definition in definitions.values():
        definition["description"] = inspect.cleandoc(definition["description"])
    for struct in structs:
        _add_envelope(definitions[struct.__name__], struct.__struct_config__.tag)
    unions = {name: _union(get_args(union)) for name, union in UNIONS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Generated from server/domain/documents.py by scripts/generate. Do not edit.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in UNIONS],
        "$defs": dict(sorted(definitions.items())) | unions,
    }


def typescript(described: Schema) -> str:
    """Write the schema's definitions as interfaces, and the domain's constants beside them."""
    blocks = [HEADER]
    for name, definition in described["$defs"].items():
        blocks.append(_interface(name, definition) if "properties" in definition else _alias(name, definition))
    blocks.append("export type AnyDocument = " + " | ".join(UNIONS) + ";\n")
    for constant, (alias, literal) in CONSTANTS.items():
        values = ", ".join(json.dumps(value) for value in get_args(literal))
        blocks.append(f"export const {constant} = [{values}] as const;")
        blocks.append(f"export type {alias} = (typeof {constant})[number];\n")
    blocks.append(_record("LIMITS", {key: str(limit) for key, limit in LIMITS.items()}))
    blocks.append(_record("ID_PATTERNS", {kind: f"/{p}/" for kind, p in identifiers.PATTERNS.items()}))
    blocks.append(f"export const SLUG_PATTERN = /^{identifiers.SLUG}$/;\n")
    return "\n".join(blocks)


def _add_envelope(definition: Schema, tag: str) -> None:
    identifier = {"_id": {"type": "string", "pattern": identifiers.PATTERNS[tag]}}
    definition["properties"] = identifier | ENVELOPE | definition["properties"]
    definition["required"] = ["_id", *definition["required"]]


def _union(structs: tuple[type, ...]) -> Schema:
    return {"anyOf": [{"$ref": f"#/$defs/{struct.__name__}"} for struct in structs]}


def _interface(name: str, definition: Schema) -> str:
    required = set(definition["required"])
    fields = [
        f"  {key}{'' if key in required else '?'}: {_type(value)};" for key, value in definition["properties"].items()
    ]
    comment = _comment(definition["description"])
    return "\n".join([*comment, f"export interface {_name(name)} {{", *fields, "}", ""])


def _alias(name: str, definition: Schema) -> str:
    return f"export type {name} = {_type(definition)};\n"


def _comment(description: str) -> list[str]:
    return ["/**", *(f" * {line}".rstrip() for line in description.splitlines()), " */"]


def _name(struct: str) -> str:
    """Name a struct's interface: documents end in `Document`, or a forgotten import would find the browser's own `Event`."""
    return f"{struct}Document" if struct in DOCUMENTS else struct


def _type(node: Schema) -> str:
    """Name the TypeScript type of one schema node."""
    if "$ref" in node:
        return _name(str(node["$ref"]).rpartition("/")[2])
    if "anyOf" in node:
        return " | ".join(_type(choice) for choice in node["anyOf"])
    if "enum" in node:
        return " | ".join(json.dumps(value) for value in node["enum"])
    match node["type"]:
        case "array":
            item = _type(node["items"])
            return f"({item})[]" if " | " in item else f"{item}[]"
        case "object":
            return f"Record<string, {_type(node['additionalProperties'])}>"
        case "integer":
            return "number"
        case plain:
            return str(plain)


def _record(name: str, values: dict[str, str]) -> str:
    return "\n".join(
        [f"export const {name} = {{", *(f"  {key}: {value}," for key, value in values.items()), "} as const;", ""]
    )


def main() -> int:
    """Write the files, or with `--check` compare them. Exits with 1 when they are stale."""
    parser = argparse.ArgumentParser(prog="scripts/generate", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; print a diff and exit 1 when stale")
    check = parser.parse_args().check
    described = schema()
    files = {
        FOLDER / "documents.schema.json": json.dumps(described, ensure_ascii=False, indent=2) + "\n",
        FOLDER / "documents.ts": typescript(described),
    }
    stale = [path for path, text in files.items() if not (check and _same(path, text))]
    if not check:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in stale:
            path.write_text(files[path], encoding="utf-8")
    return 1 if check and stale else 0


def _same(path: Path, text: str) -> bool:
    """Compare a file with what it should hold, printing the difference."""
    held = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = difflib.unified_diff(
        held.splitlines(), text.splitlines(), path.name, f"{path.name} (regenerated)", lineterm=""
    )
    lines = list(difference)
    print(*lines, sep="\n", end="\n" if lines else "")
    return not lines


if __name__ == "__main__":
    sys.exit(main())
