"""Where a line ends: CRLF, CR and LF are one break each, whoever wrote them.

Pages take texts in with LF alone. A document that another client wrote stays as it is, so whatever shows one asks here, too.
"""

import re

_BREAK = re.compile(r"\r\n?")


def unified(text: str) -> str:
    """Write every break of a text as LF."""
    return _BREAK.sub("\n", text)
