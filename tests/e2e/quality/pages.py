"""The pages that are looked at: by axe, by Lighthouse, and by people as `scripts/screenshots` takes them. A page is one line.

Screen("evening", "/app/event/{event}")        {event}     ULID of an evening that has been counted at
Screen("event-disputed", "/dashboard/…{disputed}") {disputed}  ULID of one that two people changed and closed at once
Screen("public-ahead", "/public/…/{ahead}")     {ahead}    ULID of one that is announced
Screen("press", "/app/event/{closed}/press")   {closed}    ULID of an evening that is closed, with declared numbers
Screen("vouching", "/app/sign-in#{browser}")   {browser}   the id that a computer shows to be signed in
Screen("person", "/app/person/{prisoner}")     {prisoner}  ULID of somebody who was written to
Screen("released", "/app/person/{released}")   {released}  ULID of somebody who is free
Screen("crowded", "/app/event/{crowded}")      {crowded}   ULID of one of thousands, with a signed line for the press
Screen("paper-enter", "/app/…/paper/{paper}")   {paper}     number of a sheet of paper nobody typed in yet
Screen("totals", "/public/{language}/totals")  {language}  `ru` or `en`
"""

from typing import NamedTuple


class Screen(NamedTuple):
    """A page by a name (of its screenshots) and its address; `ready` is what has to be there before it is looked at.

    With `happens`, what is there after this script has run; with `press`, once these have been pressed, one by one;
    with `typed`, once this was typed where the last press had led. With `sent`, the page that answers when the first form at
    the address is sent; with `table`, with this file in it.
    """

    name: str
    address: str
    ready: str = "h1:not([data-left])"
    sent: bool = False
    table: str = ""
    happens: str = ""
    press: tuple[str, ...] = ()
    typed: str = ""


TABLE = """id,name_ru,name_en,born,facility
,Анна Выдуманная,Anna Invented,1980,Выдуманная колония № 1
prisoner:{prisoner},Набросок Подснежник,Sketch Snowdrop,1961,
,Пётр Выдуманный,,тогда,
"""


# Before anybody has joined.
ENTRANCE = [
    Screen("welcome", "/"),
    Screen("join", "/join"),
    Screen("joining", "/join#invented", "[data-testid=join-submit]"),
    Screen("join-refused", "/join#invented", "[data-testid=join-problem]", press=("[data-testid=join-submit]",)),
]

# The first of each of two places with an address; names that many have and nobody has.
HELD = [f"[data-testid=fair-row]:has-text('№ {n}') >> input >> nth=0" for n in (1, 2)]
MANY, NOBODY = "при", "ъъъ"
ROW = "[data-testid=heads-row]"
# What counts seconds down does so no more.
STAND_STILL = """() => {
    const { setTimeout } = window;
    window.setTimeout = (work, after, ...more) => after === 1000 ? 0 : setTimeout(work, after, ...more);
}"""
INSTALLABLE = "() => dispatchEvent(new Event('beforeinstallprompt'))"
APPLE = "() => Object.defineProperty(navigator, 'standalone', { value: false, configurable: true })"
NEWER = "() => navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))"
NO_ROOM = """() => {
    IDBObjectStore.prototype.put = function () {
        this.transaction.abort();
        throw new DOMException("The disk is full.", "QuotaExceededError");
    };
}"""

PHONE = [
    Screen("evenings", "/", "[data-testid=event-item]"),
    Screen("new-evening", "/app/new", "[data-testid=event-save]"),
    Screen("evening", "/app/event/{event}", "[data-testid=heads-value]"),
    Screen("steps", "/app/event/{event}", "[data-testid=step]", press=("[data-testid=steps] summary",)),
    Screen("row", "/app/event/{event}", "dialog[open]", press=(ROW,)),
    Screen("row-wrong", "/app/event/{event}", "dialog [role=alert]", press=(ROW, "[data-testid=row-add]")),
    Screen("search", "/app/event/{event}", "[role=option]", press=("[data-testid=letter-search]",), typed=MANY),
    Screen(
        "search-nobody", "/app/event/{event}", ".search > p.quiet", press=("[data-testid=letter-search]",), typed=NOBODY
    ),
    Screen("past-evening", "/app/event/{closed}", "[data-testid=heads-value]"),
    Screen("crowded", "/app/event/{crowded}", "[data-testid=declared]"),
    Screen("fair", "/app/fair"),
    Screen("fair-nobody", "/app/fair", ":has(+ .fair-list:empty)", press=("[data-testid=fair-search]",), typed=NOBODY),
    Screen("person", "/app/person/{prisoner}"),
    Screen("closing", "/app/event/{event}/closing", "[data-testid=closing-tally]"),
    Screen("unclosed-press", "/app/event/{event}/press"),
    Screen("press", "/app/event/{closed}/press", "[data-testid=press-ru]"),
    Screen("signed", "/app/event/{crowded}/press", "[data-testid=press-card]"),
    Screen("print", "/app/print"),
    Screen(
        "labels",
        "/app/fair",
        "[data-testid=print-go]",
        press=(*HELD, "[data-testid=fair-print]"),
    ),
    Screen("paper-print", "/app/event/{event}/print", "[data-testid=paper-print]"),
    Screen("paper-find", "/app/event/{event}/paper", "[data-testid=paper-number]"),
    Screen("paper-enter", "/app/event/{event}/paper/{paper}"),
    Screen("courier", "/app/courier"),
    Screen("safety", "/app/safety"),
    Screen("released", "/app/person/{released}", "[data-testid=person-free]"),
    Screen("delivery", "/app/delivery", "[data-testid=record]"),
    Screen("settings", "/app/settings", "[data-testid=leave]"),
    Screen("leaving", "/app/settings", "dialog[open]", press=("[data-testid=leave]",)),
    Screen("vouching", "/app/sign-in#{browser}", "[data-testid=vouch-letters]"),
    Screen("join-again", "/join#invented", "[data-testid=join-submit]"),
    Screen("not-found", "/app/nowhere"),
]

# Told of what the browser offers, and of a newer app.
OFFERED = [
    Screen("installs-by-hand", "/app/settings", "[data-testid=installs-by-hand]", happens=APPLE),
    Screen("installable", "/", "[data-testid=install]", happens=INSTALLABLE),
    Screen("newer", "/", "[data-testid=update-ready]", happens=NEWER),
]

# At a server that takes nothing of what this phone counted last, and then knows it no more.
REFUSED = [
    Screen("quarantine", "/app/delivery", "[data-progress=refused]"),
]
REVOKED = [
    Screen("revoked", "/app/event/{event}", "[data-testid=sync-refused]"),
    Screen("revoked-delivery", "/app/delivery", "[data-testid=sync-refused]"),
]

# Of a chapter that has just begun.
EMPTY = [
    Screen("no-evenings", "/", ".empty"),
    Screen("nothing-counted", "/app/delivery"),
]

# Without a network, with counts that nobody else has, and hardly any room left.
CUT_OFF = [
    Screen("short-of-room", "/", "[data-testid=space-left]"),
    Screen("unsent", "/app/delivery", "[data-testid=unsent-line]"),
    Screen("code", "/app/courier", "[data-testid=courier-code]", press=("[data-testid=courier-show]",)),
    Screen(
        "not-saved",
        "/app/event/{event}",
        "[data-testid=not-saved]",
        happens=NO_ROOM,
        press=("[data-testid=heads-plus]",),
    ),
]

# Behind a passphrase. The last one stands until the page is loaded anew.
GUARDED = [
    Screen("guarded", "/app/safety", "[data-testid=lock]"),
    Screen("wiping", "/app/safety", "[data-testid=wipe-countdown]", happens=STAND_STILL, press=("[data-testid=wipe]",)),
]
LOCKED = [
    Screen("locked", "/", "[data-testid=unlock-passphrase]"),
    Screen(
        "locked-out",
        "/",
        "[data-testid=unlock-problem]",
        press=("[data-testid=unlock-passphrase]",),
        typed="wrong\n",
    ),
    Screen("forgotten", "/", "[data-testid=wipe]", press=("details summary",)),
]
COVERED = [Screen("pin", "/", "[data-testid=pin]")]

# What is left of a phone once somebody has wiped it, and once its browser has.
WIPED = [Screen("wiped", "/", "[data-testid=wiped]", press=("details summary", "[data-testid=wipe]"))]
EVICTED = [Screen("evicted", "/", "[data-testid=evicted]")]

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
