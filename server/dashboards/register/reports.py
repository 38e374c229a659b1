"""What chapters found wrong in the register: letters that came back, people who were moved. See domain/staleness.py."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards.access import chapters_seen, coordinator
from server.dashboards.rendering import page
from server.dashboards.writing import find, remove
from server.domain.documents import Chapter, Prisoner, Report
from server.domain.identifiers import chapter_database, is_slug
from server.domain.identity import Identity
from server.domain.staleness import is_open
from server.projection import queries


class Row(msgspec.Struct, frozen=True):
    """A report, of which chapter it is, and whom it is about (None: nobody the register holds)."""

    id: str
    chapter: str
    report: Report
    prisoner: Prisoner | None


async def reports(request: Request) -> Response:
    """Those that still ask for something, the latest first."""
    context, identity = context_of(request), await coordinator(request)
    shelf = await context.register.shelf()
    told = await context.tables.read(queries.reports, chapters_seen(identity))
    rows = [Row(name, chapter, report, shelf.prisoners.get(report.prisoner)) for name, chapter, report in told]
    shown = [row for row in rows if is_open(row.report, row.prisoner)]
    shown.sort(key=lambda row: (row.report.on, row.id), reverse=True)
    chapters = {name.partition(":")[2]: chapter for name, chapter in shelf.all(Chapter).items()}
    return page(
        request,
        "reports.html",
        identity,
        rows=shown,
        settled=len(rows) - len(shown),
        pseudonyms=await context.devices.pseudonyms(),
        chapters=chapters,
        may=lambda chapter: _may(identity, chapter),
    )


async def dismiss_report(request: Request) -> Response:
    """Takes a mistaken report away. Its chapter's coordinator may; for everybody else it is settled by a right register."""
    context, identity = context_of(request), await coordinator(request)
    slug, doc_id = request.path_params["chapter"], request.path_params["report"]
    if not is_slug(slug) or not doc_id.startswith("report:"):
        raise HTTPException(404)
    database = chapter_database(slug)
    stored = await find(context, database, doc_id)
    if not stored.rev:
        raise HTTPException(404)
    await remove(context, identity, database, stored)
    await context.audit.record(identity, "report-dismissed", doc_id)
    return RedirectResponse("/dashboard/register/reports", 303)


def _may(identity: Identity, chapter: str) -> bool:
    return identity.role == "coordinator" and chapter in identity.chapters
