"""What the JSON endpoints themselves refuse.

ApiError            error: one word for programs; reason: a sentence
├── BadBody         "bad_request": a body of another shape; the reason begins with the field
├── BadParameter    "bad_request": a query parameter that can't be read; the reason begins with its name
└── NoSuch          "not_found": a chapter, event or database that is not here
"""


class ApiError(Exception):
    """Anything an endpoint refuses by itself."""

    error = "bad_request"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadBody(ApiError):
    """A body that is not in the shape the endpoint takes."""


class BadParameter(ApiError):
    """A query parameter that can't be read."""


class NoSuch(ApiError):
    """Something asked for by name that is not here."""

    error = "not_found"
