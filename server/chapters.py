"""Chapters come into being here: a database for what they count, a document in the register that names them."""

import re

import msgspec

from server.domain.days import zone_named
from server.domain.documents import Chapter, Localized
from server.domain.errors import Invalid
from server.domain.identifiers import REGISTER, chapter_database, chapter_id, chapter_of
from server.stores import open_or_create
from sync.databases.contract import Catalog
from sync.documents import Document
from sync.errors import Conflict

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


async def chapter_slugs(catalog: Catalog) -> list[str]:
    """The chapters that have a database here, in their order."""
    return [slug for name in await catalog.names() if (slug := chapter_of(name)) is not None]


async def add_chapter(catalog: Catalog, slug: str, *, ru: str, en: str, zone: str) -> bool:
    """Makes a chapter's database and names it in the register; False when it was there already (and is left as it is).

    Raises Invalid for a slug, name or time zone that can't be.
    """
    database = chapter_database(slug)
    for field, name in (("name-ru", ru), ("name-en", en)):
        if not name.strip() or _CONTROL.search(name):
            raise Invalid(field, "a chapter's name is a line of text")
    if zone_named(zone) is None:
        raise Invalid("zone", f"“{zone[:60]}” is no time zone; write one like Europe/Moscow")
    register = await open_or_create(catalog, REGISTER)
    body = Chapter(schema=1, name=Localized(ru=ru.strip(), en=en.strip()), zone=zone)
    [outcome] = await register.write([Document(id=chapter_id(slug), body=msgspec.json.encode(body))])
    await open_or_create(catalog, database)
    if isinstance(outcome.error, Conflict):
        return False
    if outcome.error is not None:
        raise outcome.error
    return True
