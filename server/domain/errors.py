"""Errors of the domain.

DomainError
├── Forbidden      well-formed, but this identity may not do it
└── Invalid        not a document of ours; says where and why

`reason` tells a program, in English; `rule` is the name by which pages and phones tell people in their own language.
"""

from typing import Literal

Prohibition = Literal[
    "outside",
    "closed",
    "stranger",
    "register",
    "chapters",
    "coordinators",
    "coverage",
    "attachments",
    "volunteer-deletes",
    "counted",
    "others-sheet",
    "not-paper",
    "event-name",
    "others-event",
    "listing",
    "report-name",
    "others-report",
    "final",
]
"""Why somebody may not."""
Fault = Literal["id", "json", "type", "missing", "value", "named", "prisoner", "other-closing", "same-event"]
"""What is wrong with a document; a `value` or `json` is described by the decoder that stumbled over it, in its own words."""
Rule = Literal[Prohibition, Fault]


class DomainError(Exception):
    """Anything the domain's rules refuse. `reason` is a sentence for the person whose document it is, `path` where in it."""

    rule: Rule
    path = ""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forbidden(DomainError):
    """The identity may not read or write this. Carries no path: the whole document is refused."""

    def __init__(self, reason: str, rule: Prohibition) -> None:
        super().__init__(reason)
        self.rule = rule


class Invalid(DomainError):
    """A document with a wrong shape.

    `path` leads from the document to the fault, as in `letters[2].added`; it is empty for the document as a whole.
    """

    def __init__(self, path: str, reason: str, rule: Fault = "value") -> None:
        super().__init__(reason)
        self.path = path
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason
