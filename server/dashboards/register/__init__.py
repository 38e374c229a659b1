"""The register's pages: read by every coordinator, written by the national ones.

people.py    the list and its search, a person, what was written to them     records.py    the forms of all its documents
doubles.py   two documents about one person: found, and made one             tables.py     CSV in and out, nothing unseen
reports.py   "this looks wrong", as chapters say it
"""

from starlette.routing import Route

from server.dashboards.register.doubles import doubles, merge
from server.dashboards.register.people import people, person
from server.dashboards.register.records import confirm, placement, prisoner, record, records
from server.dashboards.register.reports import dismiss_report, reports
from server.dashboards.register.tables import export, preview, upload

ROUTES = [
    Route("/dashboard/register", people, methods=["GET"]),
    Route("/dashboard/register/new", prisoner, methods=["GET", "POST"]),
    Route("/dashboard/register/doubles", doubles, methods=["GET"]),
    Route("/dashboard/register/doubles", merge, methods=["POST"]),
    Route("/dashboard/register/reports", reports, methods=["GET"]),
    Route("/dashboard/register/reports/{chapter}/{report}", dismiss_report, methods=["POST"]),
    Route("/dashboard/register/table", upload, methods=["GET"]),
    Route("/dashboard/register/table", preview, methods=["POST"]),
    Route("/dashboard/register/table.csv", export, methods=["GET"]),
    Route("/dashboard/register/records", records, methods=["GET"]),
    Route("/dashboard/register/records/{kind}", record, methods=["GET", "POST"]),
    Route("/dashboard/register/records/{kind}/{slug}", record, methods=["GET", "POST"]),
    Route("/dashboard/register/{prisoner}", person, methods=["GET"]),
    Route("/dashboard/register/{prisoner}/edit", prisoner, methods=["GET", "POST"]),
    Route("/dashboard/register/{prisoner}/confirm", confirm, methods=["POST"]),
    Route("/dashboard/register/{prisoner}/placements/{number:int}", placement, methods=["GET", "POST"]),
]
