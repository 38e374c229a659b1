"""The catalogue as Fluent's own parser sees it: `locales/<language>/<area>.ftl`."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from fluent.syntax import FluentParser, ast

from server.language import LANGUAGES

LOCALES = Path(__file__).parents[3] / "locales"
Node = TypeVar("Node", bound=ast.BaseNode)


class Text(NamedTuple):
    """A message, or a term (its key begins with a dash)."""

    key: str
    path: Path
    pattern: ast.Pattern

    @property
    def variables(self) -> set[str]:
        """The names of the values it has to be given; a term's own arguments are none."""
        if self.key.startswith("-"):
            return set()
        return {node.id.name for node in within(self.pattern, ast.VariableReference)}

    @property
    def terms(self) -> set[str]:
        """The keys of the terms it is made of."""
        return {f"-{node.id.name}" for node in within(self.pattern, ast.TermReference)}


def within(node: object, kind: type[Node]) -> Iterator[Node]:
    """All nodes of a kind at or below a node."""
    if isinstance(node, kind):
        yield node
    if isinstance(node, ast.BaseNode):
        for child in vars(node).values():
            yield from within(child, kind)
    elif isinstance(node, list):
        for child in node:
            yield from within(child, kind)


def entries(language: str) -> Iterator[tuple[Path, ast.EntryType]]:
    """Whatever stands in the files of a language, faults too."""
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser(with_spans=False).parse(path.read_text("utf-8")).body:
            yield path, entry


def read(language: str) -> list[Text]:
    """Every message and term of a language, in the order of the files."""
    return [
        Text(("-" if isinstance(entry, ast.Term) else "") + entry.id.name, path, entry.value)
        for path, entry in entries(language)
        if isinstance(entry, ast.Message | ast.Term) and entry.value
    ]


TEXTS = {code: {text.key: text for text in read(code)} for code in LANGUAGES}
