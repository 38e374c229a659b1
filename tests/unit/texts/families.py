"""Keys that are put together from a value, and every value each of them can take.

    t("role-" ~ device.role)              in a template        "role-{}": get_args(Role)
    t("role-" ~ role ~ "-may")                                 "role-{}-may": get_args(Role)
    t(`letters-origin-${origin}`)         on the phone         "letters-origin-{}": get_args(Origin)
    language.text(f"basis-{basis}")       in Python            "basis-{}": get_args(Basis)

A family that is not here, and a value for which there is no text, fail the tests.
"""

from collections.abc import Iterable
from typing import get_args

from server.audit import DEEDS
from server.dashboards.register.records import KINDS
from server.dashboards.register.tables import SHOWN
from server.dashboards.rendering import EXPLAINED
from server.dashboards.signing_in import STATUSES
from server.domain.documents import STATUSES as STATUSES_OF_PRISONERS
from server.domain.documents import (
    Basis,
    Declarable,
    Entrance,
    Event,
    EventKind,
    EventStatus,
    LetterKind,
    Method,
    Origin,
    ReportKind,
    Role,
)
from server.domain.errors import Rule
from server.domain.press import BANDS
from server.jobs.report import Exit
from server.language import LANGUAGES
from server.projection.queries import Matter
from server.reference.openapi import document
from server.reference.operations import OPERATIONS

FAMILIES: dict[str, Iterable[str]] = {
    "act-{}": DEEDS,
    "basis-{}": get_args(Basis),
    "closing-basis-{}": get_args(Basis),
    "fair-need-{}": {"none", "few", "long-ago"},
    "fair-show-{}": {"all", "need", "birthday"},
    "field-{}": {*Event.__struct_fields__} - {"id", "chapter", "edited", "overruled", "schema"},
    "event-kind-{}": get_args(EventKind),
    "figure-{}": {*get_args(Declarable), "written"},
    "import-{}": SHOWN,
    "invite-problem-{}": {"role", "chapter", "hours"},
    "join-problem-{}": {"offline", "malformed", "pseudonym", "unknown", "used", "expired", "trouble"},
    "kind-{}": get_args(LetterKind),
    "language-{}": LANGUAGES,
    "letters-origin-{}": get_args(Origin),
    "lock-passphrase-{}": {"short", "differs"},
    "lock-problem-{}": {"wrong", "trouble"},
    "look-{}": get_args(Matter),
    "look-{}-why": get_args(Matter),
    "method-{}": get_args(Method),
    "night-exit-{}": {str(code.value) for code in Exit} - {"1", "2", "3"},  # those leave no report behind
    "parcels-problem-{}": {"unreadable", "distrusted", "too-large"},
    "period-{}": {"all", "month", "season", "year"},
    "press-heads-{}": {str(band) for band in BANDS},
    "prisoner-status-{}": STATUSES_OF_PRISONERS,
    "print-envelope-{}": {"c6", "dl"},
    "print-lead-{}": {"labels", "envelopes", "cards", "rules"},
    "print-what-{}": {"labels", "envelopes", "cards", "rules"},
    "progress-{}": {"phone", "server", "counted", "national", "refused"},
    "public-{}": {"written", "heads"},
    "public-{}-least": {"written", "heads"},
    "reference-shape-{}": document()["components"]["schemas"].keys(),
    "reference-{}": {handler.__name__ for handler in OPERATIONS},
    "reference-refused-{}": {str(status) for one in OPERATIONS.values() for status in one.refusals},
    "records-{}": {"event", "sheet", "closing", "dispatch", "report", "reply"},
    "refused-rule-{}": get_args(Rule),
    "refusal-{}": {str(status) for status in EXPLAINED},
    "refusal-{}-why": {str(status) for status in EXPLAINED},
    "release-{}": LANGUAGES,
    "record-{}": KINDS,
    "record-{}-many": KINDS,
    "record-{}-new": KINDS.keys() - {"chapter"},
    "report-kind-{}": get_args(ReportKind),
    "role-{}": get_args(Role),
    "role-{}-may": get_args(Role),
    "safety-limit-{}": {"open", "flash", "memory", "traces", "screen", "app", "forced", "server"},
    "safety-passphrase-{}": {"done", "wrong", "failed"},
    "sign-in-problem-{}": {*STATUSES, "needed"},
    "session-by-{}": get_args(Entrance),
    "vouch-problem-{}": {"none", "offline", "over", "role", "trouble"},
    "status-{}": get_args(EventStatus),
}
