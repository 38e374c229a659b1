"""What anybody may see, without an account: the schedule, published totals, feeds.

    /public                        → /public/ru or /public/en, by the browser's wish
    /public/<language>             the schedule          …/chapters/<slug>      one chapter
    …/events/<ULID>                an event              …/past/<month>         what was
                                                          …/past/<month>/<2…>   the rest of a long month
    …/totals                       published totals      …/card[/<slug>]        to be framed by other sites
    …/picture.png …                the picture that comes with a shared link
    /public[/<language>]/schedule.ics, /public[/<language>]/chapters/<slug>/schedule.ics, /public[/<language>]/feed.atom
    /public/schedule.json, /public/schedule/<2…>.json, /public/totals.json

No answer depends on who asks: no cookies, the language is in the path, and each has an ETag and may be kept by caches. A mirror
carries the whole site by copying it.
"""

from starlette.middleware import Middleware
from starlette.routing import Route

from server.public.answers import file, refuse
from server.public.data import schedule_json, schedule_on_json, totals_json
from server.public.feeds import atom, calendar, chapter_calendar
from server.public.keeping import Remember
from server.public.pages import card, chapter, chapter_card, entrance, event, past, past_on, schedule, totals
from server.public.pictures import chapter_picture, event_picture, picture

__all__ = ["ROUTES", "refuse"]

_PAGES = {
    "": schedule,
    "/chapters/{chapter}": chapter,
    "/events/{event}": event,
    "/past/{month}": past,
    "/past/{month}/{part}": past_on,
    "/totals": totals,
    "/card": card,
    "/card/{chapter}": chapter_card,
    "/picture.png": picture,
    "/chapters/{chapter}/picture.png": chapter_picture,
    "/events/{event}/picture.png": event_picture,
}
_FEEDS = {
    "/schedule.ics": calendar,
    "/chapters/{chapter}/schedule.ics": chapter_calendar,
    "/feed.atom": atom,
}

_MADE = {
    "/public/schedule.json": schedule_json,
    "/public/schedule/{part}.json": schedule_on_json,
    "/public/totals.json": totals_json,
    **{f"/public{path}": answer for path, answer in _FEEDS.items()},
    **{f"/public/{{language:language}}{path}": answer for path, answer in (_FEEDS | _PAGES).items()},
}

ROUTES = [
    Route("/public/static/{fingerprint}/{name}", file, methods=["GET"]),
    Route("/public", entrance, methods=["GET"]),
    *(Route(path, answer, methods=["GET"], middleware=[Middleware(Remember)]) for path, answer in _MADE.items()),
]
