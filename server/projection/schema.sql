-- The totals, made from the changes feeds of the chapters and the register. Nothing here is the only copy of anything but
-- `heard`: the file may be deleted at any time and is then made again.

-- How far each database has been read. `epoch` changes when the database was restored or made anew; everything is then read
-- again from its beginning, and what was not seen on the way (rows of an older `round`) is forgotten at the end.
CREATE TABLE source (
    database TEXT PRIMARY KEY,
    epoch    TEXT NOT NULL,
    seq      TEXT NOT NULL,
    round    INTEGER NOT NULL,
    complete INTEGER NOT NULL -- whether the present round has reached the end of the feed once
) WITHOUT ROWID;

-- One row per document: the leaves that were merged into it (space-separated, as the receipts ask) and the merged body.
-- `body` is NULL for a deleted document (type 'deleted') and for one that can't be read as any shape we know (type '').
CREATE TABLE document (
    database TEXT NOT NULL,
    id       TEXT NOT NULL,
    type     TEXT NOT NULL,
    event    TEXT, -- the event it belongs to; an event belongs to itself
    leaves   TEXT NOT NULL,
    round    INTEGER NOT NULL,
    conflict INTEGER NOT NULL, -- several live leaves that may be merged into one
    body     BLOB,
    UNIQUE (database, id) -- beside the rows and not around them: within an index a body of a kilobyte would take pages of its own
);
CREATE INDEX document_of_event ON document (database, event) WHERE event IS NOT NULL;
CREATE INDEX document_in_conflict ON document (database) WHERE conflict;
CREATE INDEX document_of_register ON document (type, id) WHERE database = 'register';

-- Everybody letters were written to or the register names. `number` is their bit in every set of this file (see sets.py).
-- `listed`: the register holds them, as somebody who waits for letters.
CREATE TABLE prisoner (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    listed INTEGER NOT NULL DEFAULT 0,
    merged TEXT -- whom the register says they are, where it had two documents about one person
);

-- One row per event anything is known of, counted by server/domain from its documents whenever one of them changes.
-- `day` is the date at the event's own place, `last` that of its end, and `starts` what the clocks there show, however it was
-- written; NULL (like title, theme, status) while only its counts have arrived.
CREATE TABLE evening (
    number     INTEGER PRIMARY KEY,
    database   TEXT NOT NULL,
    event      TEXT NOT NULL,
    chapter    TEXT NOT NULL,
    day        TEXT,
    last       TEXT,
    starts     TEXT,
    theme      TEXT,
    title      TEXT,
    status     TEXT,
    kind       TEXT,
    held       INTEGER NOT NULL,
    orphans    INTEGER NOT NULL, -- 1 while its event document has not arrived
    sheets     INTEGER NOT NULL,
    heads      INTEGER NOT NULL,
    letters    INTEGER NOT NULL,
    cards      INTEGER NOT NULL,
    handmade   INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    unsent     INTEGER NOT NULL, -- written and not yet sent, never below 0
    closings   INTEGER NOT NULL, -- 1 when a closing stands
    unclosed   INTEGER NOT NULL, -- 1 when it was held and no closing stands
    differing  INTEGER NOT NULL, -- 1 when what the standing closing declares is not what was tallied
    bounds     INTEGER NOT NULL, -- 1 when the standing closing declares a lower bound
    bounds_written      INTEGER NOT NULL, -- 1 when that bound is among what was written, so that declared_written is one
    contested  INTEGER NOT NULL, -- closings that compete with the standing one
    overruled  INTEGER NOT NULL, -- values that lost against a concurrent edit, unseen so far
    published_heads     INTEGER NOT NULL, -- as the domain publishes them: declared where it is, else tallied
    published_written   INTEGER NOT NULL,
    declared_written    INTEGER, -- what the standing closing says of all that was written, as the domain publishes it
    declared_heads      INTEGER,
    declared_letters    INTEGER,
    declared_cards      INTEGER,
    declared_handmade   INTEGER,
    declared_recipients INTEGER,
    recipients BLOB NOT NULL, -- the set of those it wrote to (sets.py)
    written_to BLOB NOT NULL, -- how many letters to each of them, as MessagePack by their numbers (amounts.py)
    UNIQUE (database, event)
);
CREATE INDEX evening_of_day ON evening (database, day, theme);
CREATE INDEX evening_by_day ON evening (day, theme);
CREATE INDEX evening_of_days ON evening (last) WHERE last > day;
CREATE INDEX evening_by_event ON evening (event);
CREATE INDEX evening_in_dispute ON evening (day DESC, starts DESC, event) WHERE overruled OR contested;
CREATE INDEX evening_unclosed ON evening (day DESC, starts DESC, event) WHERE unclosed;
CREATE INDEX evening_orphans ON evening (day DESC, starts DESC, event) WHERE orphans;
CREATE INDEX evening_differing ON evening (day DESC, starts DESC, event) WHERE differing;
CREATE INDEX evening_of_bounds ON evening (day) WHERE bounds;

-- The evenings of a place (a chapter's database, '' for the country) in a span of days, added up; one row per theme ('' for
-- none) and one for all themes ('*'). `first` is the span's first day: of a day, a week (its Monday), a month, a quarter or a year; '' where the day is not known.
CREATE TABLE rollup (
    place      TEXT NOT NULL,
    grain      TEXT NOT NULL,
    first      TEXT NOT NULL,
    theme      TEXT NOT NULL,
    held       INTEGER NOT NULL,
    orphans    INTEGER NOT NULL,
    sheets     INTEGER NOT NULL,
    heads      INTEGER NOT NULL,
    letters    INTEGER NOT NULL,
    cards      INTEGER NOT NULL,
    handmade   INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    unsent     INTEGER NOT NULL,
    closings   INTEGER NOT NULL,
    unclosed   INTEGER NOT NULL,
    differing  INTEGER NOT NULL,
    bounds     INTEGER NOT NULL,
    bounds_written      INTEGER NOT NULL,
    published_heads     INTEGER NOT NULL,
    published_written   INTEGER NOT NULL,
    declared_written    INTEGER,
    declared_heads      INTEGER,
    declared_letters    INTEGER,
    declared_cards      INTEGER,
    declared_handmade   INTEGER,
    declared_recipients INTEGER,
    recipients BLOB NOT NULL,
    written_to BLOB, -- of the country only: how many letters to each, as lanes (amounts.py)
    PRIMARY KEY (place, theme, grain, first) -- in the order in which they are read: spans of one theme, one after another
) WITHOUT ROWID;

-- Days of which evenings changed and the rollups do not know yet. Empty whenever a complete database has been followed.
CREATE TABLE stale (
    database TEXT NOT NULL,
    day      TEXT NOT NULL,
    theme    TEXT NOT NULL,
    PRIMARY KEY (database, day, theme)
) WITHOUT ROWID;

-- When counts of a device last arrived, by the server's clock, in UTC seconds. Only what arrives while the server watches is
-- noted: reading a database from its beginning says nothing about when. Survives a rebuild.
CREATE TABLE heard (
    database TEXT NOT NULL,
    device   TEXT NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (database, device)
) WITHOUT ROWID;
