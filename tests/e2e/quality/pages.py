"""The pages that are looked at: by axe, by Lighthouse, and by people as `scripts/screenshots` takes them. A page is one line.

Screen("evening", "/app/event/{event}")        {event}     ULID of an evening that has been counted at
Screen("event-disputed", "/dashboard/…{disputed}") {disputed}  ULID of one that two people changed and closed at once
Screen("public-ahead", "/public/…/{ahead}")     {ahead}    ULID of one that is announced
Screen("press", "/app/event/{closed}/press")   {closed}    ULID of an evening that is closed, with declared numbers
Screen("vouching", "/app/sign-in#{browser}")   {browser}   the id that a computer shows to be signed in
Screen("person", "/app/person/{prisoner}")     {prisoner}  ULID of somebody who was written to
Screen("released", "/app/person/{released}")   {released}  ULID of somebody who is free
Screen("paper-enter", "/app/…/paper/{paper}")   {paper}     number of a sheet of paper nobody typed in yet
Screen("totals", "/public/{language}/totals")  {language}  `ru` or `en`
"""

from typing import NamedTuple


class Screen(NamedTuple):
    """A page by a name (of its screenshots) and its address; `ready` is what has to be there before it is looked at.

    With `press`, what is there once these have been pressed, one after the other. With `sent`, the page that answers when the
    first form at the address is sent; with `table`, with this file in it.
    """

    name: str
    address: str
    ready: str = "h1:not([data-left])"
    sent: bool = False
    table: str = ""
    press: tuple[str, ...] = ()


TABLE = """id,name_ru,name_en,born,facility
,Анна Выдуманная,Anna Invented,1980,Выдуманная колония № 1
prisoner:{prisoner},Набросок Подснежник,Sketch Snowdrop,1961,
,Пётр Выдуманный,,тогда,
"""


# Before anybody has joined.
ENTRANCE = [
    Screen("welcome", "/"),
    Screen("join", "/join"),
]

FIRST, SECOND = (f"[data-testid=fair-row]:nth-child({n}) input" for n in (1, 2))

PHONE = [
    Screen("evenings", "/", "[data-testid=event-item]"),
    Screen("new-evening", "/app/new", "[data-testid=event-save]"),
    Screen("evening", "/app/event/{event}", "[data-testid=heads-value]"),
    Screen("steps", "/app/event/{event}", "[data-testid=step]", press=("[data-testid=steps] summary",)),
    Screen("row", "/app/event/{event}", "dialog[open]", press=("[data-testid=heads-row]",)),
    Screen("past-evening", "/app/event/{closed}", "[data-testid=heads-value]"),
    Screen("fair", "/app/fair"),
    Screen("person", "/app/person/{prisoner}"),
    Screen("closing", "/app/event/{event}/closing", "[data-testid=closing-tally]"),
    Screen("unclosed-press", "/app/event/{event}/press"),
    Screen("press", "/app/event/{closed}/press", "[data-testid=press-ru]"),
    Screen("print", "/app/print"),
    Screen("labels", "/app/fair", "[data-testid=print-go]", press=(FIRST, SECOND, "[data-testid=fair-print]")),
    Screen("paper-print", "/app/event/{event}/print", "[data-testid=paper-print]"),
    Screen("paper-find", "/app/event/{event}/paper", "[data-testid=paper-number]"),
    Screen("paper-enter", "/app/event/{event}/paper/{paper}"),
    Screen("courier", "/app/courier"),
    Screen("safety", "/app/safety"),
    Screen("released", "/app/person/{released}", "[data-testid=person-free]"),
    Screen("delivery", "/app/delivery", "[data-testid=record]"),
    Screen("settings", "/app/settings", "[data-testid=leave]"),
    Screen("vouching", "/app/sign-in#{browser}", "[data-testid=vouch-letters]"),
    Screen("not-found", "/app/nowhere"),
]

# Without a network, with counts that nobody else has, and hardly any room left.
CUT_OFF = [
    Screen("short-of-room", "/", "[data-testid=space-left]"),
    Screen("unsent", "/app/delivery", "[data-testid=unsent-line]"),
    Screen("code", "/app/courier", "[data-testid=courier-code]", press=("[data-testid=courier-show]",)),
]

# Behind a passphrase. The last one stands until the page is loaded anew.
GUARDED = [
    Screen("guarded", "/app/safety", "[data-testid=lock]"),
    Screen("wiping", "/app/safety", "[data-testid=wipe-countdown]", press=("[data-testid=wipe]",)),
]
LOCKED = [Screen("locked", "/", "[data-testid=unlock-passphrase]")]
COVERED = [Screen("pin", "/", "[data-testid=pin]")]

DASHBOARD = [
    Screen("country", "/dashboard"),
    Screen("chapter", "/dashboard/chapters/moscow"),
    Screen("event", "/dashboard/events/event:{event}"),
    Screen("event-disputed", "/dashboard/events/event:{disputed}"),
    Screen("unclosed", "/dashboard/look/unclosed"),
    Screen("orphans", "/dashboard/look/orphans"),
    Screen("differing", "/dashboard/look/differing"),
    Screen("waiting", "/dashboard/waiting"),
    Screen("conflicts", "/dashboard/conflicts"),
    Screen("register", "/dashboard/register"),
    Screen("register-stale", "/dashboard/register?stale=1"),
    Screen("register-new", "/dashboard/register/new"),
    Screen("register-person", "/dashboard/register/prisoner:{prisoner}"),
    Screen("register-edit", "/dashboard/register/prisoner:{prisoner}/edit"),
    Screen("register-place", "/dashboard/register/prisoner:{prisoner}/placements/0"),
    Screen("register-doubles", "/dashboard/register/doubles"),
    Screen("register-reports", "/dashboard/register/reports"),
    Screen("register-table", "/dashboard/register/table"),
    Screen("register-preview", "/dashboard/register/table", "[name=confirm]", sent=True, table=TABLE),
    Screen("register-records", "/dashboard/register/records"),
    Screen("register-figure", "/dashboard/register/records/figure/{figure}"),
    Screen("register-figure-new", "/dashboard/register/records/figure"),
    Screen("register-facility", "/dashboard/register/records/facility/invented-1"),
    Screen("refused", "/dashboard/refused"),
    Screen("devices", "/dashboard/devices"),
    Screen("sessions", "/dashboard/sessions"),
    Screen("acts", "/dashboard/acts"),
    Screen("night", "/dashboard/night"),
    Screen("parcels", "/dashboard/parcels"),
    Screen("report", "/dashboard/report"),
    Screen("refusal", "/dashboard/nowhere"),
]

# For a coordinator of the chapter alone.
CHAPTER = [
    Screen("event-new", "/dashboard/chapters/moscow/new"),
    Screen("event-edit", "/dashboard/events/event:{event}/edit"),
    Screen("event-close", "/dashboard/events/event:{event}/close"),
    Screen("event-sent", "/dashboard/events/event:{event}/sent"),
    Screen("own-conflicts", "/dashboard/conflicts"),
    Screen("own-reports", "/dashboard/register/reports"),
    Screen("invite", "/dashboard/devices", ".code svg", sent=True),
]

# Without an account, outside of the phone app.
PUBLIC = [
    Screen("sign-in", "/dashboard/sign-in"),
    Screen("sign-in-phone", "/dashboard/sign-in/phone"),
    Screen("public-schedule", "/public/{language}"),
    Screen("public-chapter", "/public/{language}/chapters/moscow"),
    Screen("public-event", "/public/{language}/events/{event}"),
    Screen("public-ahead", "/public/{language}/events/{ahead}"),
    Screen("public-past", "/public/{language}/past/2026-01"),
    Screen("public-reference", "/public/{language}/api"),
    Screen("public-totals", "/public/{language}/totals"),
    Screen("public-card", "/public/{language}/card", "main"),
]
