"""Templates → answers. Undefined names are errors, everything is escaped, nothing is kept by caches."""

import hashlib
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.auth.errors import AuthError
from server.boards import Parts, Rendered
from server.context import context_of
from server.dashboards.charts import bar
from server.dashboards.navigation import areas
from server.domain.identity import Identity
from server.language import COOKIE, LANGUAGES, Language, language_of

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_YEAR = 365 * 24 * 3600
EXPLAINED = frozenset({400, 403, 404, 405, 409, 410, 500, 503})

_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    undefined=StrictUndefined,
    auto_reload=False,  # a version that is being put in place is seen by the next process, whose styles and texts go with it
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["bar"] = bar
# A changed file has another address, so browsers never mix the files of two versions.
_FINGERPRINTS = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}


def page(
    request: Request, template: str, identity: Identity | None = None, *, status: int = 200, **values: Any
) -> Response:
    """A page for an identity (None: somebody not signed in), in the language of the request."""
    language = language_of(request)
    html = _environment.get_template(template).render(
        language=language,
        t=language.text,
        number=language.number,
        path=request.url.path,
        areas=areas(identity, request.url.path),
        others=[code for code in LANGUAGES if code != language.code],
        switch=lambda code: str(request.url.include_query_params(lang=code).replace(scheme="", netloc="")),
        identity=identity,
        static=static,
        live=values.pop("live", None),
        board=values.pop("board", None),
        **values,
    )
    response = HTMLResponse(html, status, headers={"cache-control": "no-store", "content-language": language.code})
    response.headers["vary"] = "Accept-Language, Cookie"
    if request.query_params.get("lang") in LANGUAGES:
        secure = context_of(request).doorkeeper.secure
        response.set_cookie(COOKIE, language.code, _YEAR, samesite="lax", secure=secure, path="/dashboard")
    return response


def content(template: str, language: Language, **values: Any) -> Rendered:
    """A page's content, the same for everybody who may see it, with the parts of it that change while it is open."""
    parts = Parts()
    html = _environment.get_template(template).render(
        language=language, t=language.text, number=language.number, fresh=parts.fresh, **values
    )
    return Rendered(html, parts.kept)


def qr_code(link: str) -> Markup:
    """A link as a code for a phone's camera: an SVG to put into a page."""
    return Markup(segno.make(link, error="l").svg_inline(omitsize=True, light="#fff", border=3))  # noqa: S704 - made by us


def static(name: str) -> str:
    """The address of a file in `static/`."""
    return f"/dashboard/static/{name}?v={_FINGERPRINTS[name]}"


def refuse(request: Request, error: Exception, status: int) -> Response:
    """The page that says why not. Whoever is not signed in is shown how to."""
    reason = str(error) if isinstance(error, AuthError) else ""
    if status == 401:
        return page(request, "sign_in.html", status=status, problem="needed")
    kind = status if status in EXPLAINED else 500
    return page(request, "refusal.html", status=status, kind=kind, reason=reason)
