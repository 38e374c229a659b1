"""What is known of one event, counted by the domain: its documents in, its row and its recipients out."""

from collections.abc import Iterable

import msgspec

from server.domain import counting, totals
from server.domain.days import day_of
from server.domain.documents import Closing, Dispatch, Event, InChapter, Sheet
from server.domain.identifiers import chapter_of
from server.domain.totals import Evening

_decode = msgspec.json.Decoder(InChapter).decode


def evening(documents: Iterable[tuple[str, bytes]]) -> Evening:
    """Gather (id, body) of all documents of one event."""
    event: Event | None = None
    sheets: list[Sheet] = []
    closings: dict[str, Closing] = {}
    dispatches: list[Dispatch] = []
    for doc_id, raw in documents:
        match _decode(raw):
            case Event() as body:
                event = body
            case Sheet() as body:
                sheets.append(body)
            case Closing() as body:
                closings[doc_id] = body
            case Dispatch() as body:
                dispatches.append(body)
    return Evening(event, sheets, closings, dispatches)


def row(database: str, event: str, known: Evening) -> dict[str, object]:
    """The row of the table `evening`, by column. The sums of any set of rows are the domain's tally of these evenings."""
    total = totals.tally([known])
    about = known.event
    standing = totals.standing(known.closings)
    return {
        "database": database,
        "event": event,
        "chapter": chapter_of(database),
        "day": day_of(about).isoformat() if about else None,
        "starts": about.starts.isoformat() if about else None,
        "theme": about.theme if about else None,
        "title": about.title if about else None,
        "status": about.status if about else None,
        "kind": about.kind if about else None,
        "known": about is not None,
        "held": total.events,
        "sheets": len(known.sheets),
        "heads": total.heads,
        "letters": total.letters,
        "cards": total.cards,
        "handmade": total.handmade,
        "sent": total.sent,
        "unsent": total.pending.letters,
        "closings": total.declared.closings,
        "contested": len(totals.contested(known.closings)),
        "bounds": bool(standing and known.closings[standing].at_least),
        "overruled": len(about.overruled) if about else 0,
        "declared_written": totals.publish(known).written.declared,
        "declared_heads": total.declared.heads,
        "declared_letters": total.declared.letters,
        "declared_cards": total.declared.cards,
        "declared_handmade": total.declared.handmade,
        "declared_recipients": total.declared.recipients,
    }


def recipients(known: Evening) -> dict[str, int]:
    """Letters written to each prisoner at an event; nobody with none."""
    written: dict[str, int] = {}
    for sheet in known.sheets:
        for (to, _, _), counter in counting.counters(sheet).items():
            if to is not None:
                written[to] = written.get(to, 0) + counting.value(counter)
    return {prisoner: amount for prisoner, amount in written.items() if amount}
