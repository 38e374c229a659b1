"""The coordinators' pages: Jinja2 templates, hand-written CSS, small scripts, and none needed to read or to sign in.

national.py  the country, and what in it needs an eye  country.py  what its page shows, in one reading
pages.py     a chapter, an event                      live.py      tells open pages that numbers changed
periods.py   the time a page is about                 charts.py    pictures of numbers
devices.py   invites, devices, revoking               acts.py      what administrators did
signing_in.py, passkeys.py, sessions.py, cookies.py   signing in and out, and who is signed in
nights.py    the nightly job, here and at the hubs    conflicts.py what lost against a concurrent edit
exports/     what a page shows, as CSV and Excel       report.py    the season on paper
parcels.py   what phones sent by other hands
evenings.py  evenings made, changed, closed, sent     history.py   what happened to one, and when
register/    prisoners and all else of the register   refused.py   what the rules did not let in
forms.py, editing.py, writing.py   how anything is changed: nothing typed is lost, nobody is overwritten unseen
access.py, filters.py   who asks, and for what        views.py     what pages of events show, in one reading
navigation.py, rendering.py   templates → answers, refusals too
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from server.dashboards import register
from server.dashboards.acts import acts
from server.dashboards.conflicts import choose, choose_closing, conflicts
from server.dashboards.devices import devices, make_invite, revoke, set_standing
from server.dashboards.evenings import cancel_event, close_event, edit_event, new_dispatch, new_event
from server.dashboards.exports import chapter_table, country_table, event_table
from server.dashboards.live import live
from server.dashboards.national import country, look, waiting
from server.dashboards.nights import night
from server.dashboards.pages import chapter, event
from server.dashboards.parcels import parcels_page, take_parcel
from server.dashboards.passkeys import add_passkey, offer_passkey, remove_passkey
from server.dashboards.refused import forget, refused
from server.dashboards.rendering import STATIC, refuse
from server.dashboards.report import report
from server.dashboards.sessions import end_session, sessions
from server.dashboards.signing_in import (
    ask_for_passkey,
    claim_session,
    open_session,
    phone_word,
    sign_in,
    sign_in_by_passkey,
    sign_in_by_phone,
    sign_in_page,
    sign_out,
)

__all__ = ["ROUTES", "refuse"]

_Door = Callable[[Request], Awaitable[Response]]


def _page_and_form(page: _Door, form: _Door) -> _Door:
    """One door for a page and what is sent from it: of two, a 405 would name the methods of the first alone."""

    async def answer(request: Request) -> Response:
        return await (form if request.method == "POST" else page)(request)

    return answer


ROUTES = [
    Route("/dashboard", country, methods=["GET"]),
    Route("/dashboard/chapters/{chapter}", chapter, methods=["GET"]),
    Route("/dashboard/chapters/{chapter}/new", new_event, methods=["GET", "POST"]),
    Route("/dashboard/events/{event}", event, methods=["GET"]),
    Route("/dashboard/look/{matter}", look, methods=["GET"]),
    Route("/dashboard/waiting", waiting, methods=["GET"]),
    Route("/dashboard/events/{event}/edit", edit_event, methods=["GET", "POST"]),
    Route("/dashboard/events/{event}/close", close_event, methods=["GET", "POST"]),
    Route("/dashboard/events/{event}/sent", new_dispatch, methods=["GET", "POST"]),
    Route("/dashboard/events/{event}/cancel", cancel_event, methods=["POST"]),
    Route("/dashboard/conflicts", conflicts, methods=["GET"]),
    Route("/dashboard/conflicts/{event}", choose, methods=["POST"]),
    Route("/dashboard/conflicts/{event}/closing", choose_closing, methods=["POST"]),
    Route("/dashboard/refused", _page_and_form(refused, forget), methods=["GET", "POST"]),
    *register.ROUTES,
    Route("/dashboard/devices", devices, methods=["GET"]),
    Route("/dashboard/devices/{device}/revoke", revoke, methods=["POST"]),
    Route("/dashboard/devices/{device}/standing", set_standing, methods=["POST"]),
    Route("/dashboard/acts", acts, methods=["GET"]),
    Route("/dashboard/invites", make_invite, methods=["POST"]),
    Route("/dashboard/live", live, methods=["GET"]),
    Route("/dashboard/night", night, methods=["GET"]),
    Route("/dashboard/parcels", _page_and_form(parcels_page, take_parcel), methods=["GET", "POST"]),
    Route("/dashboard/report", report, methods=["GET"]),
    Route("/dashboard/tables/country.{format}", country_table, methods=["GET"]),
    Route("/dashboard/tables/chapters/{chapter}.{format}", chapter_table, methods=["GET"]),
    Route("/dashboard/tables/events/{event}.{format}", event_table, methods=["GET"]),
    Route("/dashboard/sign-in", _page_and_form(sign_in_page, sign_in), methods=["GET", "POST"]),
    Route("/dashboard/sign-in/phone", _page_and_form(sign_in_by_phone, claim_session), methods=["GET", "POST"]),
    Route("/dashboard/sign-in/phone/word", phone_word, methods=["GET"]),
    Route("/dashboard/sign-in/passkey/options", ask_for_passkey, methods=["POST"]),
    Route("/dashboard/sign-in/passkey", sign_in_by_passkey, methods=["POST"]),
    Route("/dashboard/passkeys/options", offer_passkey, methods=["POST"]),
    Route("/dashboard/passkeys", add_passkey, methods=["POST"]),
    Route("/dashboard/passkeys/{passkey}/remove", remove_passkey, methods=["POST"]),
    Route("/dashboard/sessions", sessions, methods=["GET"]),
    Route("/dashboard/sessions/{session}/end", end_session, methods=["POST"]),
    Route("/dashboard/sign-out", sign_out, methods=["POST"]),
    Route("/dashboard/session", open_session, methods=["POST"]),
    Mount("/dashboard/static", StaticFiles(directory=STATIC)),
]
