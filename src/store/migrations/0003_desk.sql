-- What the desk keeps. Promises, notes and flags are told by events too; the rows here are what is asked for by day.

ALTER TABLE conversation ADD COLUMN flag TEXT;
-- Since when the customer waits for a person's answer: of a chat that is held, what its holder owes.
ALTER TABLE conversation ADD COLUMN unanswered_since BIGINT;
CREATE INDEX conversation_unanswered ON conversation (unanswered_since) WHERE phase = 'agent';
-- People of another firm who answer for the shop: phones are masked for them.
ALTER TABLE membership ADD COLUMN outsourced BOOLEAN NOT NULL DEFAULT FALSE;

-- A link that lets somebody set a password, once.
CREATE TABLE invitation (
    hash TEXT NOT NULL PRIMARY KEY,
    -- Whose password; NULL: whoever comes first becomes the first manager.
    principal TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Who sits at the desk, and since when they hold the state they are in.
CREATE TABLE presence (
    person TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE promise (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    what TEXT NOT NULL,
    due BIGINT NOT NULL,
    -- NULL: nobody's yet; made out of hours by the words of a hand-off.
    owner TEXT,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    reminded_at BIGINT,
    overdue_at BIGINT,
    settled_at BIGINT,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
);
CREATE INDEX promise_open ON promise (due) WHERE state = 'open';
CREATE INDEX promise_conversation ON promise (conversation);

-- Quick phrases: an agent's own, or the team's (owner NULL).
CREATE TABLE phrase (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (shop, id)
);
CREATE INDEX phrase_owner ON phrase (owner, shop) WHERE removed_at IS NULL;

-- How a phrase came to be is told by a shop's events; these few of them are looked up by themselves.
CREATE INDEX event_phrase ON event (shop, seq) WHERE type IN ('phrase_saved', 'phrase_promoted');

-- Pictures that agents sent. Who has the id may fetch it: platforms do.
CREATE TABLE picture (
    id TEXT NOT NULL PRIMARY KEY,
    shop TEXT NOT NULL,
    media_type TEXT NOT NULL,
    -- base64
    body TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- All shops' events in the order in which none is missed: the desk's stream follows them together.
CREATE INDEX event_stream ON event (tx, seq);
CREATE INDEX session_principal ON session (principal) WHERE revoked_at IS NULL;
