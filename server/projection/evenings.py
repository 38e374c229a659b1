"""What is known of one event, counted by the domain: its documents in, its row and its recipients out."""

from collections.abc import Iterable

import msgspec

from server.domain import totals
from server.domain.counting import Counted
from server.domain.days import last_day_of, local
from server.domain.documents import AnyDocument, Closing, Dispatch, Event, InChapter, Sheet
from server.domain.identifiers import chapter_of
from server.domain.totals import Evening

_decode = msgspec.json.Decoder(InChapter).decode


def evening(documents: Iterable[tuple[str, bytes]]) -> Evening:
    """Gather (id, body) of all documents of one event."""
    return gather((doc_id, _decode(body)) for doc_id, body in documents)


def gather(documents: Iterable[tuple[str, AnyDocument]]) -> Evening:
    """Do the same from what the bodies say."""
    event: Event | None = None
    sheets: list[Sheet] = []
    closings: dict[str, Closing] = {}
    dispatches: list[Dispatch] = []
    for doc_id, content in documents:
        match content:
            case Event() as body:
                event = body
            case Sheet() as body:
                sheets.append(body)
            case Closing() as body:
                closings[doc_id] = body
            case Dispatch() as body:
                dispatches.append(body)
    return Evening(event, sheets, closings, dispatches)


def row(database: str, event: str, known: Evening, counted: Counted) -> dict[str, object]:
    """The row of the table `evening`, by column, but for its number and set. `counted` is what its sheets amount to.

    The sums of any set of rows are the domain's tally of these evenings.
    """
    about = known.event
    standing = totals.standing(known.closings)
    closing = known.closings[standing] if standing else None
    rivals = totals.contested(known.closings)
    published = totals.publish_counted(counted, closing, rivals)
    declared = totals.declare([closing] if closing else [])
    held, sent = totals.is_held(known), totals.sent(known)
    starts = local(about.starts, about.zone) if about else None
    return {
        "database": database,
        "event": event,
        "chapter": chapter_of(database),
        "day": starts.date().isoformat() if starts else None,
        "last": last_day_of(about).isoformat() if about else None,
        "starts": starts.isoformat() if starts else None,
        "theme": about.theme if about else None,
        "title": about.title if about else None,
        "status": about.status if about else None,
        "kind": about.kind if about else None,
        "held": int(held),
        "orphans": int(about is None),
        "sheets": len(known.sheets),
        "heads": counted.heads,
        "letters": counted.letters,
        "cards": counted.cards,
        "handmade": counted.handmade,
        "sent": sent,
        "unsent": max(0, counted.written - sent),
        "closings": declared.closings,
        "unclosed": int(held and closing is None),
        "differing": int(totals.disagrees(published)),
        "bounds": int(closing is not None and bool(closing.at_least)),
        "bounds_written": int(published.written.at_least),
        "contested": len(rivals),
        "overruled": len(about.overruled) if about else 0,
        "published_heads": published.heads.published,
        "published_written": published.written.published,
        "declared_written": published.written.declared,
        "declared_heads": declared.heads,
        "declared_letters": declared.letters,
        "declared_cards": declared.cards,
        "declared_handmade": declared.handmade,
        "declared_recipients": declared.recipients,
    }
