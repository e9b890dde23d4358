-- What every service needs to take part in the bus (docs/architecture.md).

-- Facts that are committed here and not yet acknowledged by their receiver: one row for each parcel.
CREATE TABLE outbox (
    id    uuid        PRIMARY KEY,
    dest  text        NOT NULL CHECK (length(dest) BETWEEN 1 AND 32),
    type  text        NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
    body  bytea       NOT NULL CHECK (length(body) <= 2097152),
    tries integer     NOT NULL DEFAULT 0,
    due   timestamptz NOT NULL DEFAULT now() + interval '5 seconds',
    made  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE outbox ALTER COLUMN body SET COMPRESSION lz4;
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
                        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 4000);
CREATE INDEX outbox_due ON outbox (dest, due);
CREATE TYPE outbox_row AS (id uuid, dest text, type text, body bytea, at_once boolean);

-- Messages that cannot be processed, with the reason; a person mends the cause and replays them.
CREATE TABLE dead_letter (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type       text        NOT NULL,
    account_id bigint      NOT NULL,
    key        text        NOT NULL,
    rev        bigint      NOT NULL,
    body       bytea       NOT NULL,
    reason     text        NOT NULL,
    made       timestamptz NOT NULL DEFAULT now(),
    since      timestamptz NOT NULL DEFAULT now(), -- when it was first put aside; kept over replays
    seen       integer     NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX dead_letter_once ON dead_letter (type, account_id, key, rev, md5(body));
CREATE TYPE dead_letter_row AS (type text, account_id bigint, key text, rev bigint, body bytea, reason text,
                                 since timestamptz);

-- Messages that are tried again when due; a newer revision replaces an older one.
CREATE TABLE later (
    type       text        NOT NULL,
    account_id bigint      NOT NULL,
    key        text        NOT NULL,
    rev        bigint      NOT NULL,
    body       bytea       NOT NULL,
    due        timestamptz NOT NULL,
    since      timestamptz NOT NULL DEFAULT now(), -- likewise
    PRIMARY KEY (type, account_id, key)
);
CREATE INDEX later_due ON later (due);
CREATE TYPE later_row AS (type text, account_id bigint, key text, rev bigint, body bytea, delay_ms bigint,
                           since timestamptz);
CREATE TYPE message_key AS (account_id bigint, key text, rev bigint);

-- How often the process died while a message of a suspicious parcel was in hand.
CREATE TABLE poison (
    parcel   uuid        NOT NULL,
    position integer     NOT NULL,
    crashes  integer     NOT NULL DEFAULT 1,
    made     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (parcel, position)
);

-- Answers of commands, so that a repeated one is answered and not done again.
CREATE TABLE idempotency (
    account_id bigint      NOT NULL,
    key        text        NOT NULL CHECK (length(key) <= 128),
    ask        text        NOT NULL,
    request    bytea       NOT NULL,
    status     integer,
    body       bytea,
    made       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key, ask)
);
CREATE INDEX idempotency_made ON idempotency (made);

-- A reference changed: the decided rows that used it are looked at again, at once and once more after
-- the longest life of a transaction (10 s).
CREATE TABLE heal (
    account_id bigint      NOT NULL,
    kind       text        NOT NULL,
    subject    text        NOT NULL,
    pass       integer     NOT NULL DEFAULT 0,
    due        timestamptz NOT NULL DEFAULT now(),
    made       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, kind, subject)
);
CREATE INDEX heal_due ON heal (due);
-- All such tasks, for figures: a service that keeps some in a table of its own adds them.
CREATE VIEW heal_waiting AS SELECT due FROM heal;

-- When facts about an order came here: with which trace, said when, committed when.  A service that keeps orders says it;
-- and what it knows of the hop before, when the service where that ended keeps nothing of it, is then named.
CREATE VIEW order_hop AS
    SELECT 0::bigint AS account_id, ''::text AS order_id, NULL::text AS service, ''::text AS fact, NULL::uuid AS trace,
           NULL::timestamptz AS emitted_at, NULL::timestamptz AS committed_at WHERE false;

-- Raised after a restore from a backup, so that facts emitted since are newer than those before it.
CREATE TABLE incarnation (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    raised bigint  NOT NULL DEFAULT 0
);
INSERT INTO incarnation DEFAULT VALUES;
