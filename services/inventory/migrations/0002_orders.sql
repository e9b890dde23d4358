-- Orders as mapped, what is kept for them, who waits, and goods issues.

-- The newest order.mapped of each order: body of the message without its head.
CREATE TABLE mapped_order (
    account_id   bigint      NOT NULL,
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 96),
    upstream_rev bigint      NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    fact         bytea       NOT NULL,
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 80);
CREATE TYPE mapped_order_row AS (account_id bigint, key text, upstream_rev bigint, trace uuid, emitted_at timestamptz,
                                 fact bytea);
CREATE TYPE order_key AS (account_id bigint, key text);

-- What one line needs of one variant, and what became of it, in pieces.
CREATE TYPE kept_part AS (
    variant_id   bigint,
    warehouse_id bigint,  -- where it is kept or waited for; 0: nowhere
    line         integer,
    reserved     integer,
    missing      integer, -- waited for
    issuing      integer  -- on a live goods issue
);

-- Our decision about an order.  Its row lock serialises all decisions about the order.
CREATE TABLE reservation (
    account_id bigint      NOT NULL,
    key        text        NOT NULL,
    rev        bigint      NOT NULL, -- of order.allocated
    since      bigint      NOT NULL, -- place in the line: the order's creation, seconds
    may_issue  boolean     NOT NULL, -- goods may leave for it
    takes      boolean     NOT NULL, -- it takes stock as things are
    kept       kept_part[] NOT NULL,
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 50); -- each row is written a second time soon, when goods are issued for it
CREATE TYPE reservation_row AS (account_id bigint, key text, rev bigint, since bigint, may_issue boolean, takes boolean,
                                kept text);

CREATE TABLE waiting (
    account_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    since      bigint NOT NULL,
    order_key  text   NOT NULL,
    PRIMARY KEY (account_id, variant_id, since, order_key)
);
CREATE TYPE waiting_row AS (account_id bigint, variant_id bigint, since bigint, order_key text);

-- One for each fulfilment: key = order / attempt / part.
CREATE TYPE issue_line AS (variant_id bigint, line integer, pieces integer);
CREATE TABLE goods_issue (
    account_id   bigint       NOT NULL,
    key          text         NOT NULL CHECK (length(key) BETWEEN 1 AND 96),
    upstream_rev bigint       NOT NULL,
    rev          bigint       NOT NULL, -- of fulfilment.progressed
    order_key    text         NOT NULL,
    warehouse_id bigint       NOT NULL,
    state        text         NOT NULL CHECK (state IN ('AWAITING_ISSUE', 'ISSUED', 'CANCELLED', 'REFUSED')),
    reason       text         NOT NULL DEFAULT '' CHECK (length(reason) <= 256),
    made         timestamptz  NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    user_name    text         NOT NULL DEFAULT '',
    trace        uuid         NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz  NOT NULL DEFAULT now(),
    lines        issue_line[] NOT NULL,
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 80);
CREATE TYPE goods_issue_row AS (account_id bigint, key text, upstream_rev bigint, rev bigint, order_key text,
                                warehouse_id bigint, state text, trace uuid, emitted_at timestamptz, lines text);
CREATE TYPE issue_verdict AS (account_id bigint, key text, state text, reason text);

CREATE TABLE returned (
    account_id       bigint      NOT NULL,
    key              text        NOT NULL CHECK (length(key) BETWEEN 1 AND 96),
    upstream_rev     bigint      NOT NULL,
    order_key        text        NOT NULL,
    variant_id       bigint      NOT NULL DEFAULT 0, -- what is booked so far
    warehouse_id     bigint      NOT NULL DEFAULT 0,
    pieces           integer     NOT NULL DEFAULT 0,
    what             text        NOT NULL DEFAULT 'SCRAP' CHECK (what IN ('RESTOCK', 'SCRAP', 'QUARANTINE')),
    trace            uuid        NOT NULL,
    emitted_at       timestamptz,
    committed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE TYPE returned_row AS (account_id bigint, key text, upstream_rev bigint, order_key text, trace uuid,
                             emitted_at timestamptz);
CREATE TYPE booked_row AS (account_id bigint, key text, variant_id bigint, warehouse_id bigint, pieces bigint, what text);

-- A variant has come free while orders wait for it.  Added by whoever freed it, deleted by the job; `after_…` is how
-- far along the line the job has come.
CREATE TABLE refill_mark (
    mark_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  bigint NOT NULL,
    variant_id  bigint NOT NULL,
    after_since bigint NOT NULL DEFAULT -1,
    after_key   text   NOT NULL DEFAULT ''
);
CREATE TYPE refill_row AS (mark_id bigint, account_id bigint, variant_id bigint, after_since bigint, after_key text);
CREATE TYPE variant_key AS (account_id bigint, variant_id bigint);

-- A shop changed: its orders from `after_key` on are decided again.  The second round finds those who had read the
-- old value and committed after the first.
CREATE TABLE heal_mark (
    mark_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint      NOT NULL,
    shop_id    bigint      NOT NULL,
    round      integer     NOT NULL DEFAULT 1 CHECK (round IN (1, 2)),
    after_key  text        NOT NULL DEFAULT '',
    due        timestamptz NOT NULL DEFAULT now()
);
CREATE OR REPLACE VIEW heal_waiting AS SELECT due FROM heal UNION ALL SELECT due FROM heal_mark;
