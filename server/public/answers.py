"""Answers that anybody may keep: the same for everybody, with an ETag, for caches and mirrors in between.

A cache may hand out what it has for five minutes, and what it had while the server is away for a week.
"""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.context import context_of
from server.dashboards.charts import bar
from server.domain.days import local
from server.language import LANGUAGES, Language, language_named
from server.publication.figures import Cell

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
SHARED = _HERE.parent / "dashboards"
"""Whose paper, ink and charts these pages have."""
_KEPT = "public, max-age=60, s-maxage=300, stale-while-revalidate=3600, stale-if-error=604800"
_FILES = {
    path.name: path for path in (*(SHARED / "static" / name for name in ("base.css", "charts.css")), *STATIC.iterdir())
}
_FINGERPRINTS = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in _FILES.items()}
EXPLAINED = frozenset({404, 405, 500, 503})

_environment = Environment(
    loader=FileSystemLoader([_HERE / "templates", SHARED / "templates"]),
    undefined=StrictUndefined,
    auto_reload=False,  # a version that is being put in place is seen by the next process, whose styles and texts go with it
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals |= {"bar": bar, "day": dt.timedelta(days=1)}


class _LanguageInPath(Convertor[str]):
    """The part of a path that names a language; any other word there is no page."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _LanguageInPath())


def language_of(request: Request) -> Language:
    """The language a path names; Russian where it names none."""
    return language_named(request.path_params.get("language", LANGUAGES[0]))


def keepable(request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """An answer for everybody; 304 to whoever has it. Other sites may read it: it is public."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    said = {
        "cache-control": _KEPT,
        "etag": etag,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        **(headers or {}),
    }
    if has(request, etag):
        return Response(status_code=304, headers=said)
    return Response(body, media_type=media_type, headers=said)


def has(request: Request, etag: str) -> bool:
    """Whether the asker says that it has the answer of an ETag."""
    # A cache that packs an answer weakens its ETag; it is the same answer to us (RFC 9110, 13.1.2).
    wanted = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag in wanted or wanted == ["*"]


def page(request: Request, template: str, **values: Any) -> Response:
    """A page in the language of its path."""
    language = language_of(request)
    html = _render(request, language, template, values)
    return keepable(request, html.encode(), "text/html", {"content-language": language.code})


def refuse(request: Request, status: int) -> Response:
    """The page that says why not."""
    language = language_named(_language_at(request.url.path))
    kind = status if status in EXPLAINED else 500
    html = _render(request, language, "refusal.html", {"kind": kind})
    return Response(html, status, media_type="text/html", headers={"cache-control": "no-store"})


async def file(request: Request) -> Response:
    """A style or picture of the pages. Its address holds what it is, so it may be kept for ever."""
    found = _FILES.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return FileResponse(found, headers={"cache-control": "public, max-age=31536000, immutable"})


def static(name: str) -> str:
    """The address of a file in `static/`; a changed file has another one."""
    return f"/public/static/{_FINGERPRINTS[name]}/{name}"


def _render(request: Request, language: Language, template: str, values: dict[str, Any]) -> str:
    return _environment.get_template(template).render(
        language=language,
        t=language.text,
        number=language.number,
        path=request.url.path,
        here=f"/public/{language.code}",
        other=lambda code: request.url.path.replace(f"/public/{language.code}", f"/public/{code}", 1),
        languages=LANGUAGES,
        origin=context_of(request).public_url,
        static=static,
        at=local,
        date=lambda month: dt.date.fromisoformat(f"{month}-01"),
        nothing=Cell(),
        **values,
    )


def _language_at(path: str) -> str:
    parts = path.split("/")
    return parts[2] if len(parts) > 2 and parts[2] in LANGUAGES else LANGUAGES[0]
