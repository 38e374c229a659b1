"""Errors of the domain.

DomainError
├── Forbidden      well-formed, but this identity may not do it
└── Invalid        not a document of ours; says where and why
"""


class DomainError(Exception):
    """Anything the domain's rules refuse. `reason` is a sentence for the person whose document it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forbidden(DomainError):
    """The identity may not read or write this. Carries no path: the whole document is refused."""


class Invalid(DomainError):
    """A document with a wrong shape.

    `path` leads from the document to the fault, as in `letters[2].added`; it is empty for the document as a whole.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" if self.path else self.reason
