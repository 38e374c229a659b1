"""Every number says what it is: tallied, declared, sent, and what it still waits for."""

from typing import Any

import msgspec

from server.domain.documents import Closing, Dispatch, Event, Sheet
from server.domain.totals import Declared, Evening, Figure, Pending, bounds, publish, tally

ULID = "01KG57Q800904F111BE4JDPJPJ"
PHONE = "01KF0E44M06KSTJAB3DD6CQ8PB"
PRISONER = "prisoner:01KFDA3QM015X6QE5KPE41W59R"
COMMON = {"schema": 1, "event": f"event:{ULID}", "chapter": "moscow", "device": PHONE}


def _event(**fields: Any) -> Event:
    plain = {"type": "event", "schema": 1, "chapter": "moscow", "kind": "letters", "title": "Вечер", "status": "open"}
    return msgspec.convert(plain | {"starts": "2026-01-29T19:00:00+03:00"} | fields, Event)


def _sheet(heads: int, letters: int) -> Sheet:
    line = {"to": PRISONER, "kind": "letter", "added": letters, "removed": 0}
    counters = {"heads": {"added": heads, "removed": 0}, "letters": [line]}
    return msgspec.convert(COMMON | {"type": "sheet"} | counters, Sheet)


def _closing(**fields: Any) -> Closing:
    return msgspec.convert(COMMON | {"type": "closing", "basis": "recount"} | fields, Closing)


def _dispatch(count: int) -> Dispatch:
    return msgspec.convert(
        COMMON | {"type": "dispatch", "on": "2026-01-30", "count": count, "method": "post"}, Dispatch
    )


def test_without_a_closing_the_tally_is_published_as_provisional() -> None:
    """Nobody has declared anything, so the sheets speak, and say that they may still change."""
    published = publish(Evening(_event(), [_sheet(3, 2)]))
    assert (published.provisional, published.basis) == (True, None)
    assert published.heads == Figure(3, 3)
    assert not published.heads.differs


def test_a_closing_is_published_and_the_tally_shown_beside_it() -> None:
    """What was declared never overwrites what was tallied; where they differ, both are there."""
    published = publish(Evening(_event(), [_sheet(104, 2)], {"closing:1": _closing(heads=100, at_least=["heads"])}))
    assert not published.provisional
    assert published.heads == Figure(published=100, tallied=104, declared=100, at_least=True)
    assert published.heads.differs


def test_a_number_nobody_declared_stands_as_tallied() -> None:
    """A closing may be silent about a number; the written total mixes declared and tallied kinds."""
    published = publish(Evening(_event(), [_sheet(3, 5)], {"closing:1": _closing(cards=7)}))
    assert published.letters == Figure(5, 5)
    assert published.written == Figure(published=12, tallied=5, declared=12)


def test_rival_closings_are_named() -> None:
    """When two coordinators close at once, one stands and the other is not hidden."""
    published = publish(Evening(_event(), closings={"closing:1": _closing(heads=1), "closing:2": _closing(heads=2)}))
    assert (published.heads.published, published.contested) == (1, ("closing:2",))


def test_totals_keep_tallied_declared_sent_and_pending_apart() -> None:
    """Written is not sent; a closing is not a tally; an event without either is still awaited."""
    closed = Evening(_event(), [_sheet(10, 6)], {"closing:1": _closing(heads=12, recipients=1)}, [_dispatch(4)])
    opened = Evening(_event(), [_sheet(1, 3)])
    unheard = Evening(None, [_sheet(0, 1)])
    totals = tally([closed, opened, unheard])
    assert (totals.events, totals.heads, totals.letters, totals.written) == (3, 11, 10, 10)
    assert (totals.recipients, totals.sent) == (1, 4)
    assert totals.declared == Declared(closings=1, heads=12, recipients=1)
    assert totals.pending == Pending(events=2, letters=6, orphans=1)


def test_declared_recipients_are_never_summed() -> None:
    """Two evenings may have written to the same people, so their distinct counts have no sum."""
    evening = Evening(_event(), closings={"closing:1": _closing(recipients=5)})
    assert tally([evening]).declared.recipients == 5
    assert tally([evening, evening]).declared.recipients is None


def test_a_sum_says_which_of_its_numbers_are_lower_bounds() -> None:
    """One bound makes a bound of the sum it is in, and of no other; naming a number nobody declared makes none."""
    closings = [_closing(heads=100, letters=7, at_least=["heads", "cards"]), _closing(heads=12, letters=5)]
    assert bounds(closings) == ("heads",)
    assert bounds(closings[1:]) == ()


def test_letters_sent_beyond_those_tallied_do_not_hide_unsent_ones_elsewhere() -> None:
    """What is unsent is reckoned for each event by itself."""
    generous = Evening(_event(), [_sheet(0, 1)], dispatches=[_dispatch(50)])
    waiting = Evening(_event(), [_sheet(0, 8)])
    assert tally([generous, waiting]).pending.letters == 8


def test_an_evening_that_is_only_planned_has_not_been_held() -> None:
    """Planned and cancelled events count only if something was counted there after all."""
    assert tally([Evening(_event(status="planned")), Evening(_event(status="cancelled"))]).events == 0
    assert tally([Evening(_event(status="planned"), [_sheet(1, 0)]), Evening(_event(status="open"))]).events == 2


def test_the_totals_have_the_names_outside_clients_rely_on() -> None:
    """The keys of the totals are a contract."""
    names = "events heads letters cards handmade written recipients sent declared pending"
    assert list(msgspec.to_builtins(tally([]))) == names.split()
