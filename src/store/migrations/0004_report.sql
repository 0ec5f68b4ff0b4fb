-- What reports read of each episode: a projection of turns and events, which a rebuild gives exactly.

CREATE TABLE tally (
    shop TEXT NOT NULL,
    episode TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    customer TEXT NOT NULL,
    -- What the rates are counted from.
    facts TEXT NOT NULL,
    -- What is needed to go on counting.
    open TEXT NOT NULL,
    -- The last event that is in it.
    seq BIGINT NOT NULL,
    -- In which batch it was last written; they rise.
    batch BIGINT NOT NULL,
    PRIMARY KEY (shop, episode)
);
CREATE INDEX tally_started ON tally (started_at, shop);
CREATE INDEX tally_batch ON tally (batch, shop);
CREATE INDEX tally_customer ON tally (customer);

-- Orders whose money went back, as platforms told it.
CREATE TABLE tally_refund (
    shop TEXT NOT NULL,
    number TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shop, number, at)
);
CREATE INDEX tally_refund_at ON tally_refund (at, shop);

-- How far the events are counted: one row.
CREATE TABLE tally_place (
    only_one BIGINT NOT NULL PRIMARY KEY,
    tx BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    -- By which edition of the definitions: a newer program counts anew, an older one leaves it.
    edition BIGINT NOT NULL
);
INSERT INTO tally_place (only_one, tx, seq, batch, edition) VALUES (1, 0, 0, 0, 0);
