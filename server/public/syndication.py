"""The schedule as an Atom feed (RFC 4287): what is announced, changed and called off, the latest first."""

import uuid
import xml.etree.ElementTree as ElementTree
from xml.etree.ElementTree import Element, SubElement

from server.domain.announcing import Announced
from server.domain.identifiers import number_of
from server.language import Language
from server.public.showing import Shown

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_MOST = 100


def feed(shown: Shown, language: Language, site: str) -> bytes:
    """The feed; `site` is where the pages are, in the language."""
    ElementTree.register_namespace("", _ATOM)
    latest = sorted(shown.events, key=lambda one: (one.modified, one.ulid), reverse=True)[:_MOST]
    root = Element(_tag("feed"), {f"{{{_XML}}}lang": language.code})
    _text(root, "id", f"{site}/feed.atom")
    _text(root, "title", language.text("public-feed-title"))
    _text(root, "updated", latest[0].modified.isoformat() if latest else shown.now.date().isoformat() + "T00:00:00Z")
    SubElement(root, _tag("link"), {"rel": "self", "type": "application/atom+xml", "href": f"{site}/feed.atom"})
    SubElement(root, _tag("link"), {"rel": "alternate", "type": "text/html", "href": site})
    for one in latest:
        _entry(root, one, shown, language, site)
    written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written


def _entry(root: Element, one: Announced, shown: Shown, language: Language, site: str) -> None:
    entry = SubElement(root, _tag("entry"))
    chapter = language.name(shown.chapter_name(one.chapter))
    called_off = f"{language.text('public-cancelled')} " if one.event.status == "cancelled" else ""
    _text(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.UUID(int=number_of(one.ulid)), one.chapter)}")
    _text(entry, "title", f"{called_off}{one.event.title}")
    _text(entry, "updated", one.modified.isoformat())
    SubElement(entry, _tag("link"), {"rel": "alternate", "type": "text/html", "href": f"{site}/events/{one.ulid}"})
    SubElement(entry, _tag("category"), {"term": one.chapter, "label": _clean(chapter)})
    author = SubElement(entry, _tag("author"))
    _text(author, "name", chapter)
    when = language.moment(one.event.starts, one.event.zone)
    _text(entry, "summary", " · ".join(part for part in (called_off.strip(), when, one.event.place) if part))


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _tag(name)).text = _clean(text)


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _clean(text: str) -> str:
    """A text as one line, without what XML 1.0 can't hold."""
    line = " ".join(text.split())
    return "".join(one for one in line if one >= " " and one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff")
