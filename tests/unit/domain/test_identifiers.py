"""One thing has one id, and an id says what it belongs to."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import identifiers
from server.domain.errors import Invalid
from server.domain.identity import Identity, databases_of
from server.domain.pseudonyms import suggest

EVENT = "01KG57Q800904F111BE4JDPJPJ"
PHONE = "01KF0E44M06KSTJAB3DD6CQ8PB"


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_ulids_sort_by_time(earlier: int, later: int, noise: bytes) -> None:
    """As texts they stand in the order of their milliseconds."""
    one, other = identifiers.new_ulid(earlier, noise), identifiers.new_ulid(later, noise)
    assert identifiers.is_ulid(one)
    assert (one < other) == (earlier < later)


def test_a_ulid_is_spelt_as_its_specification_says() -> None:
    """Known moments and bytes have known spellings."""
    assert identifiers.new_ulid(1469918176385, bytes(10)) == "01ARYZ6S410000000000000000"
    assert identifiers.new_ulid(2**48 - 1, b"\xff" * 10) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"


def test_fresh_ulids_differ() -> None:
    """Two devices that mint at the same moment do not collide."""
    assert len({identifiers.new_ulid() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "text", ["", EVENT.lower(), EVENT[:-1], EVENT + "0", "8" + EVENT[1:], EVENT[:-1] + "U", EVENT + "\n"]
)
def test_other_spellings_are_no_ulids(text: str) -> None:
    """Small letters, letters left out of the alphabet, overlong numbers and stray line ends are refused."""
    assert not identifiers.is_ulid(text)


def test_ids_are_built_and_taken_apart_again() -> None:
    """Builders and parsers agree."""
    event = identifiers.event_id(EVENT)
    sheet = identifiers.sheet_id(event, PHONE)
    assert sheet == f"sheet:{EVENT}:{PHONE}"
    assert identifiers.parts("sheet", sheet) == (EVENT, PHONE)
    assert identifiers.type_of(identifiers.closing_id(event, PHONE)) == "closing"
    assert identifiers.type_of(identifiers.dispatch_id(event, PHONE)) == "dispatch"
    assert identifiers.type_of(identifiers.prisoner_id(PHONE)) == "prisoner"
    assert identifiers.parts("theme", identifiers.theme_id("russian-science-day")) == ("russian-science-day",)
    assert identifiers.parts("chapter", identifiers.chapter_id("moscow")) == ("moscow",)


@pytest.mark.parametrize(
    "text", ["", "event", "event:", f"event:{PHONE}:{PHONE}", f"sheet:{EVENT}", "_design/x", f"event:{EVENT}\n"]
)
def test_other_ids_are_refused(text: str) -> None:
    """What is none of our ids raises `Invalid` at `_id`."""
    with pytest.raises(Invalid) as refused:
        identifiers.type_of(text)
    assert refused.value.path == "_id"


def test_only_an_event_has_sheets() -> None:
    """A builder that is handed another id says so instead of making nonsense."""
    with pytest.raises(Invalid):
        identifiers.sheet_id(identifiers.prisoner_id(PHONE), PHONE)


def test_chapters_and_their_databases_name_each_other() -> None:
    """The name of a chapter's database gives back the chapter; other databases have none."""
    assert identifiers.chapter_of(identifiers.chapter_database("st-petersburg")) == "st-petersburg"
    assert [identifiers.chapter_of(name) for name in ("register", "devices", "chapter-", "chapter-A", "moscow")] == [
        None
    ] * 5


@pytest.mark.parametrize("slug", ["", "Moscow", "москва", "a--b", "-a", "a-", "a_b", "a/b", "a" * 49])
def test_a_name_that_could_not_be_a_database_is_no_slug(slug: str) -> None:
    """Only words that are safe in URLs, file names and CouchDB name a chapter."""
    with pytest.raises(Invalid):
        identifiers.chapter_database(slug)


def test_a_device_keeps_the_register_and_its_chapters() -> None:
    """A device is told which databases are its own."""
    identity = Identity(PHONE, "coordinator", ("moscow", "st-petersburg"))
    assert databases_of(identity) == ("register", "chapter-moscow", "chapter-st-petersburg")


def test_a_suggested_pseudonym_is_two_words_and_repeatable() -> None:
    """The same dice give the same suggestion, in the script of the language asked for."""
    assert suggest("ru", random.Random(5)) == suggest("ru", random.Random(5))
    russian, english = suggest("ru"), suggest("en")
    assert len(russian.split()) == len(english.split()) == 2
    assert not russian.isascii()
    assert english.isascii()
    assert len({suggest("ru", random.Random(seed)) for seed in range(200)}) > 50
