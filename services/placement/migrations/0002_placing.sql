-- Orders as allocated with what we have decided about them, and the wallet.

-- The newest order.allocated of each order and our decision about it.  The row's lock serialises all decisions about the
-- order.  What inventory's answer changes stands together, and the fact, which stays as it is, behind it: the log of such
-- an update holds what lies between the first and the last byte that differ.
CREATE TABLE decision (
    account_id     bigint      NOT NULL,
    upstream_rev   bigint      NOT NULL, -- of order.allocated
    rev            bigint      NOT NULL, -- of order.staged, and of the fulfilment it asks for
    charged_minor  bigint      NOT NULL DEFAULT 0 CHECK (charged_minor >= 0), -- and not refunded
    refused_rev    bigint      NOT NULL DEFAULT 0, -- of order.allocated, when a fulfilment was refused; 0: never
    since          timestamptz NOT NULL, -- when it came to its stage
    committed_at   timestamptz NOT NULL DEFAULT now(), -- like trace and emitted_at of the fact
    trace          uuid        NOT NULL,
    emitted_at     timestamptz,
    placed_at      timestamptz,
    answered_rev   bigint      NOT NULL DEFAULT 0, -- of fulfilment.progressed, within the attempt
    attempt        integer     NOT NULL DEFAULT 0 CHECK (attempt BETWEEN 0 AND 1000000),
    answer         text        NOT NULL DEFAULT '' CHECK (answer IN ('', 'ACCEPTED', 'REFUSED', 'PURCHASED',
                   'INSPECTED', 'ISSUED', 'CANCELLED')),
    key            text        NOT NULL CHECK (length(key) BETWEEN 1 AND 96),
    stage          text        NOT NULL CHECK (stage IN ('UNSYNC', 'NOT_READY', 'TO_PURCHASE', 'PURCHASED',
                   'AWAITING_SHIPMENT', 'CONFIRMED', 'PACKING', 'PACKED', 'AWAITING_PICKUP', 'IN_TRANSIT', 'DONE',
                   'CANCELLING', 'CANCELLED', 'RETURNING', 'RETURNED', 'ELSEWHERE', 'DELETED')),
    refused_reason text        NOT NULL DEFAULT '',
    conditions     json,                           -- those that are open; NULL: none
    fact           bytea       NOT NULL,           -- body of the message without its head
    PRIMARY KEY (account_id, key),
    CHECK (charged_minor = 0 OR attempt > 0)
) WITH (fillfactor = 85);
CREATE INDEX decision_drafts ON decision (account_id, key) WHERE stage IN ('UNSYNC', 'NOT_READY');
CREATE TYPE decision_row AS (account_id bigint, key text, upstream_rev bigint, trace uuid, emitted_at timestamptz,
                             rev bigint, stage text, since timestamptz, attempt integer, charged_minor bigint,
                             placed_at timestamptz, answer text, answered_rev bigint, refused_rev bigint,
                             refused_reason text, conditions text, fact bytea);
CREATE TYPE answer_row AS (account_id bigint, key text, order_key text, attempt integer, rev bigint, answer text,
                           trace uuid, emitted_at timestamptz);

-- When inventory's answers came: only news is answered, so an order has none until its goods leave or are refused.
CREATE TABLE heard_answer (
    account_id   bigint      NOT NULL,
    order_key    text        NOT NULL,
    attempt      integer     NOT NULL,
    rev          bigint      NOT NULL, -- of fulfilment.progressed
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, order_key, attempt, rev)
);

-- Double entry: each entry takes its amount from one ledger and gives it to another.  balance = sum, always.
CREATE TABLE ledger_balance (
    account_id    bigint NOT NULL,
    ledger        text   NOT NULL CHECK (ledger IN ('WALLET', 'CHARGES', 'FUNDING')),
    balance_minor bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, ledger),
    CONSTRAINT never_negative CHECK (ledger <> 'WALLET' OR balance_minor >= 0)
) WITH (fillfactor = 50);

-- append-only: wallet_entry
CREATE TABLE wallet_entry (
    account_id    bigint      NOT NULL,
    entry_id      bigint      GENERATED ALWAYS AS IDENTITY,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    balance_minor bigint      NOT NULL, -- of the wallet, after it
    at            timestamptz NOT NULL DEFAULT now(),
    entry_key     text        NOT NULL CHECK (length(entry_key) <= 160), -- permanent: place/order/attempt, …
    kind          text        NOT NULL CHECK (kind IN ('TOP_UP', 'DEBIT', 'REFUND')),
    source        text        NOT NULL,
    target        text        NOT NULL CHECK (target <> source),
    order_key     text        NOT NULL,
    reference     text        NOT NULL CHECK (length(reference) <= 120),
    user_name     text        NOT NULL,
    PRIMARY KEY (account_id, entry_key)
);
CREATE INDEX wallet_entry_newest ON wallet_entry (account_id, entry_id);
CREATE TYPE wallet_entry_row AS (account_id bigint, entry_key text, kind text, source text, target text,
                                 amount_minor bigint, balance_minor bigint, order_key text, reference text,
                                 user_name text);
CREATE TYPE ledger_move AS (account_id bigint, ledger text, amount_minor bigint);

-- Which orders changed lately, one row for each transaction, for live screens; pruned.  keys NULL: many.
CREATE TABLE change (
    change_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint      NOT NULL,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at         timestamptz NOT NULL DEFAULT now(),
    keys       text[]
);
CREATE INDEX change_xid ON change (account_id, xid);

DROP VIEW order_hop;
CREATE VIEW order_hop AS
    SELECT account_id, key AS order_id, NULL::text AS service, 'order.allocated' AS fact, trace, emitted_at, committed_at
    FROM decision
    UNION ALL
    SELECT account_id, order_key, NULL, 'fulfilment.progressed', trace, emitted_at, committed_at FROM heard_answer;
