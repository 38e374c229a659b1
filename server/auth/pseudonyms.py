"""Pseudonyms a person may choose: short, printable, one line."""

from server.auth.errors import MalformedJoin

LONGEST_PSEUDONYM = 40


def check_pseudonym(text: str) -> str:
    """The pseudonym without spaces around it. Raises MalformedJoin when it is empty, too long or can't be printed."""
    chosen = text.strip()
    if not chosen:
        raise MalformedJoin("pseudonym", "it is empty; leave it out to be given one.")
    if len(chosen) > LONGEST_PSEUDONYM:
        raise MalformedJoin("pseudonym", f"it is longer than {LONGEST_PSEUDONYM} characters.")
    if not chosen.isprintable():
        raise MalformedJoin("pseudonym", "it has characters that can't be printed.")
    return chosen
