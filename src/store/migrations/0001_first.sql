-- One text for SQLite and PostgreSQL; {{…}} stands for what store/dialect.rs says.
-- Times are Unix milliseconds. Rows of a shop are keyed by the shop first. Other indexes begin with what tells rows
-- apart: before its first ANALYZE, PostgreSQL takes any index that begins with the shop for as good as the key, and
-- walks the whole shop.

CREATE TABLE inbound (
    shop TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT,
    turn TEXT,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    -- For ever: the key outlives the text.
    PRIMARY KEY (shop, channel, kind, external_id)
);
CREATE UNIQUE INDEX inbound_id ON inbound (id, shop);
CREATE INDEX inbound_conversation ON inbound (conversation, sent_at);
CREATE INDEX inbound_turn ON inbound (turn);
CREATE INDEX inbound_undecided ON inbound (conversation) WHERE turn IS NULL AND kind = 'message';

CREATE TABLE customer (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    phone TEXT,
    email TEXT,
    verified BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (shop, id)
);

CREATE TABLE identity (
    shop TEXT NOT NULL,
    -- `id:CHANNEL`, `phone` or `email`; the last two only where the platform vouches for them.
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (shop, kind, value),
    FOREIGN KEY (shop, customer) REFERENCES customer (shop, id)
);
CREATE INDEX identity_customer ON identity (customer);

CREATE TABLE conversation (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    customer TEXT NOT NULL,
    customer_external TEXT NOT NULL,
    -- Who the platform last said is writing HERE; what it vouches for elsewhere proves nothing here.
    customer_said TEXT NOT NULL,
    phase TEXT NOT NULL,
    state TEXT NOT NULL,
    holder TEXT,
    epoch BIGINT NOT NULL,
    due_at BIGINT,
    first_pending_at BIGINT,
    last_pending_at BIGINT,
    lease_node TEXT,
    lease_until BIGINT,
    episode TEXT NOT NULL,
    turn_seq BIGINT NOT NULL,
    outbox_seq BIGINT NOT NULL,
    waiting_since BIGINT,
    waiting_words BIGINT NOT NULL,
    urgency TEXT NOT NULL,
    queue TEXT,
    applied_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, customer) REFERENCES customer (shop, id)
);
CREATE UNIQUE INDEX conversation_external ON conversation (external_id, channel, shop);
CREATE INDEX conversation_due ON conversation (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_waiting ON conversation (waiting_since) WHERE phase = 'waiting';
CREATE INDEX conversation_phase ON conversation (phase, shop, updated_at);
CREATE INDEX conversation_latest ON conversation (updated_at, shop);
CREATE INDEX conversation_customer ON conversation (customer);

CREATE TABLE episode (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    closed_at BIGINT,
    closed_by TEXT,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
);
CREATE INDEX episode_started ON episode (started_at, shop);
CREATE INDEX episode_conversation ON episode (conversation);

CREATE TABLE turn (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT NOT NULL,
    seq BIGINT NOT NULL,
    episode TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    act TEXT NOT NULL,
    rung TEXT NOT NULL,
    playbook TEXT NOT NULL,
    -- A Turn whose messages have no text: that is stored once, in inbound.
    body TEXT NOT NULL,
    PRIMARY KEY (shop, id),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
);
CREATE UNIQUE INDEX turn_seq ON turn (conversation, seq, shop);
CREATE INDEX turn_decided ON turn (decided_at, shop);

CREATE TABLE event (
    seq {{serial}},
    -- The transaction that wrote it; readers wait until no older one runs.
    tx BIGINT NOT NULL DEFAULT {{transaction}},
    shop TEXT NOT NULL,
    conversation TEXT,
    episode TEXT,
    at BIGINT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX event_order ON event (shop, tx, seq);
CREATE INDEX event_conversation ON event (conversation, seq);
CREATE INDEX event_time ON event (at, shop);

CREATE TABLE outbox (
    shop TEXT NOT NULL,
    conversation TEXT NOT NULL,
    seq BIGINT NOT NULL,
    key TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    state TEXT NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    channel TEXT NOT NULL,
    delivery TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease_node TEXT,
    lease_until BIGINT,
    sent_at BIGINT,
    last_error TEXT,
    PRIMARY KEY (shop, conversation, seq),
    FOREIGN KEY (shop, conversation) REFERENCES conversation (shop, id)
);
CREATE UNIQUE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_unfinished ON outbox (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_lowest ON outbox (conversation, seq) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_state ON outbox (state, shop) WHERE state IN ('queued', 'sending', 'dead', 'unknown');

CREATE TABLE order_update (
    shop TEXT NOT NULL,
    number TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    -- Several at one instant are told apart by what they say.
    body TEXT NOT NULL,
    PRIMARY KEY (shop, number, occurred_at, body)
);

CREATE TABLE playbook_version (
    shop TEXT NOT NULL,
    hash TEXT NOT NULL,
    parent TEXT,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    sources TEXT NOT NULL,
    PRIMARY KEY (shop, hash)
);

-- Which version is in force; a rollback points back without touching the versions.
CREATE TABLE playbook_current (
    shop TEXT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop),
    FOREIGN KEY (shop, hash) REFERENCES playbook_version (shop, hash)
);

CREATE TABLE mode (
    shop TEXT NOT NULL,
    -- '' for the whole shop, else an intent's id.
    scope TEXT NOT NULL,
    mode TEXT NOT NULL,
    at BIGINT NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (shop, scope)
);

CREATE TABLE principal (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    password_hash TEXT,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE membership (
    person TEXT NOT NULL REFERENCES principal (id),
    shop TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (person, shop)
);

CREATE TABLE token (
    hash TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL REFERENCES principal (id),
    shop TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE session (
    hash TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL REFERENCES principal (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
