-- One database. The file's header carries application_id and user_version (files.py); migrations are numbered by the latter.

-- A document at its last change. seq is the rowid, so the feed with its documents is one scan of the table in order, and
-- an update moves the row to the end. The winner's body is here; every other revision's is in `revisions`.
CREATE TABLE documents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    rev TEXT NOT NULL,          -- the winner's
    deleted INTEGER NOT NULL,   -- the winner is a deletion
    crc INTEGER NOT NULL,       -- CRC-32 of body: nobody else would notice a flipped bit
    tree BLOB,                  -- MessagePack of revisions.Tree; NULL for a lone revision without history
    attachments BLOB,           -- JSON of name → documents.Attachment; NULL for none
    body BLOB NOT NULL          -- last, so that reading the columns before it skips overflow pages
);

-- `deleted` is in the index so that live documents are counted and paged without visiting rows.
-- A document stands once: writing looks its id up first, in the same transaction, and `sync.checks` verifies it.
CREATE INDEX documents_by_id ON documents (id, deleted);

-- Bodies of leaves that do not win, and of earlier revisions until compaction.
CREATE TABLE revisions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    rev TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    attachments BLOB,
    body BLOB NOT NULL,
    UNIQUE (id, rev)
);

CREATE TABLE locals (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,    -- n of the revision "0-<n>"
    body BLOB NOT NULL
) WITHOUT ROWID;

-- Attachment bytes by digest. AUTOINCREMENT: a number is never used again, so who still reads a blob that was
-- collected finds nothing rather than another's bytes.
CREATE TABLE blobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT UNIQUE,         -- NULL while the upload runs
    length INTEGER NOT NULL DEFAULT 0,
    staged INTEGER              -- seconds since 1970 of the upload; NULL once a document named it
);

CREATE TABLE chunks (
    place INTEGER PRIMARY KEY,  -- blob number << 24 | index of the chunk: a blob lies in order, and needs no second index
    content BLOB NOT NULL
);

-- The digest trie (sync/digests.py), brought up to state.folded when somebody asks: its entries in their order, ...
CREATE TABLE places (
    place INTEGER NOT NULL,     -- the document's place, 15 hex digits, as a number
    id TEXT NOT NULL,
    leaves INTEGER NOT NULL,
    hash BLOB NOT NULL,         -- the entry's
    PRIMARY KEY (place, id)
) WITHOUT ROWID;

-- ... and the summaries of its larger nodes, those that still hold; one that is not here is computed again.
CREATE TABLE nodes (
    prefix TEXT PRIMARY KEY,
    documents INTEGER NOT NULL,
    leaves INTEGER NOT NULL,
    hash BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch TEXT NOT NULL,
    began INTEGER NOT NULL,     -- instance_start_time
    seq INTEGER NOT NULL,       -- the last one given out; rows may be purged, numbers are not used again
    live INTEGER NOT NULL,      -- documents whose winner is no deletion
    dead INTEGER NOT NULL,
    external INTEGER NOT NULL,  -- bytes of the winners' bodies
    purges INTEGER NOT NULL,
    folded INTEGER NOT NULL,    -- the digest trie covers changes up to here
    gone INTEGER NOT NULL,      -- deleted: whoever still has the file open must stop
    revs_limit INTEGER NOT NULL,
    security BLOB NOT NULL
);
