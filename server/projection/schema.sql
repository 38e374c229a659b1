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
    PRIMARY KEY (database, id)
) WITHOUT ROWID;
CREATE INDEX document_of_event ON document (database, event) WHERE event IS NOT NULL;
CREATE INDEX document_in_conflict ON document (database) WHERE conflict;
CREATE INDEX document_of_type ON document (type, database);

-- One row per event anything is known of, counted by server/domain from its documents whenever one of them changes.
-- `day` is the date at the event's own place; NULL (like title, theme, status) while only its counts have arrived.
CREATE TABLE evening (
    database   TEXT NOT NULL,
    event      TEXT NOT NULL,
    chapter    TEXT NOT NULL,
    day        TEXT,
    starts     TEXT,
    theme      TEXT,
    title      TEXT,
    status     TEXT,
    kind       TEXT,
    known      INTEGER NOT NULL, -- its event document is here
    held       INTEGER NOT NULL,
    sheets     INTEGER NOT NULL,
    heads      INTEGER NOT NULL,
    letters    INTEGER NOT NULL,
    cards      INTEGER NOT NULL,
    handmade   INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    unsent     INTEGER NOT NULL, -- written and not yet sent, never below 0
    closings   INTEGER NOT NULL, -- 1 when a closing stands
    contested  INTEGER NOT NULL, -- closings that compete with the standing one
    bounds     INTEGER NOT NULL, -- the standing closing declares a lower bound
    overruled  INTEGER NOT NULL, -- values that lost against a concurrent edit, unseen so far
    declared_written    INTEGER, -- what the standing closing says of all that was written, as the domain publishes it
    declared_heads      INTEGER,
    declared_letters    INTEGER,
    declared_cards      INTEGER,
    declared_handmade   INTEGER,
    declared_recipients INTEGER,
    PRIMARY KEY (database, event)
) WITHOUT ROWID;
CREATE INDEX evening_of_day ON evening (day);
CREATE INDEX evening_by_event ON evening (event);

-- Who was written to at an event, with how many letters; distinct recipients of any set of events are counted here.
CREATE TABLE recipient (
    database TEXT NOT NULL,
    event    TEXT NOT NULL,
    prisoner TEXT NOT NULL,
    written  INTEGER NOT NULL,
    PRIMARY KEY (database, event, prisoner)
) WITHOUT ROWID;

-- When counts of a device last arrived, by the server's clock, in UTC seconds. Only what arrives while the server watches is
-- noted: reading a database from its beginning says nothing about when. Survives a rebuild.
CREATE TABLE heard (
    database TEXT NOT NULL,
    device   TEXT NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (database, device)
) WITHOUT ROWID;
