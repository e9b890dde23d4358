-- Orders as mapped, what is kept for them, who waits, and goods issues.

-- The newest order.mapped of each order, and our decision about it, written together: its row lock serialises all
-- decisions about the order.  What a decision alone changes stands together, and the fact behind it, so that its WAL
-- does not repeat the fact.
CREATE TABLE reservation (
    account_id   bigint      NOT NULL,
    upstream_rev bigint      NOT NULL, -- of order.mapped
    since        bigint      NOT NULL, -- place in the line: the order's creation, seconds
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    trace        uuid        NOT NULL,
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 96),
    rev          bigint      NOT NULL, -- of order.allocated
    may_issue    boolean     NOT NULL, -- goods may leave for it
    takes        boolean     NOT NULL, -- it takes stock as things are
    kept         bigint[]    NOT NULL CHECK (cardinality(kept) % 5 = 0), -- five for each part: held_part spells them
    fact         bytea       NOT NULL, -- body of the message without its head
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 85);
CREATE TYPE reservation_row AS (account_id bigint, key text, rev bigint, since bigint, may_issue boolean, takes boolean,
                                kept bigint[]);
CREATE TYPE reservation_fact_row AS (account_id bigint, key text, rev bigint, since bigint, may_issue boolean,
                                     takes boolean, kept bigint[], upstream_rev bigint, trace uuid,
                                     emitted_at timestamptz, fact bytea);
CREATE TYPE order_key AS (account_id bigint, key text);

-- What one line needs of one variant, and what became of it, in pieces.
CREATE VIEW held_part AS
SELECT account_id, key,
       kept[i]     AS variant_id,
       kept[i + 1] AS warehouse_id,  -- where it is held or waited for; 0: nowhere
       kept[i + 2] AS line,
       kept[i + 3] AS held,          -- reserved, or on a goods issue that awaits its issue
       kept[i + 4] AS missing        -- waited for
FROM reservation, generate_series(1, cardinality(kept), 5) i;

CREATE TABLE waiting (
    account_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    since      bigint NOT NULL,
    order_key  text   NOT NULL,
    PRIMARY KEY (account_id, variant_id, since, order_key)
);
CREATE TYPE waiting_row AS (account_id bigint, variant_id bigint, since bigint, order_key text);

-- One for each fulfilment: key = order / attempt / part.
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
    lines        bigint[]     NOT NULL CHECK (cardinality(lines) % 3 = 0), -- three each: issue_line spells them
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 80);
CREATE TYPE goods_issue_row AS (account_id bigint, key text, upstream_rev bigint, rev bigint, order_key text,
                                warehouse_id bigint, state text, trace uuid, emitted_at timestamptz, lines bigint[]);
CREATE INDEX goods_issue_awaiting ON goods_issue (account_id, key) WHERE state = 'AWAITING_ISSUE';
CREATE VIEW issue_line AS
SELECT account_id, key, order_key, warehouse_id, state, lines[i] AS variant_id, lines[i + 1] AS line, lines[i + 2] AS pieces
FROM goods_issue, generate_series(1, cardinality(lines), 3) i;

-- Every figure of the stock.  What is held is reserved unless a goods issue that awaits its issue has it.
CREATE VIEW stock_figure AS
SELECT s.account_id, s.variant_id, s.warehouse_id, s.on_hand, s.held - coalesce(p.pieces, 0) AS reserved,
       coalesce(p.pieces, 0) AS pending_out, s.quarantined, s.waiting, s.on_hand - s.held - s.quarantined AS available
FROM stock s LEFT JOIN (SELECT account_id, variant_id, warehouse_id, sum(pieces)::bigint AS pieces FROM issue_line
                        WHERE state = 'AWAITING_ISSUE' GROUP BY account_id, variant_id, warehouse_id) p
             ON p.account_id = s.account_id AND p.variant_id = s.variant_id AND p.warehouse_id = s.warehouse_id;

-- The same of each order: `issuing` are on a live goods issue, awaiting or issued.
CREATE VIEW kept_part AS
SELECT account_id, key, variant_id, warehouse_id, line, sum(held - awaiting)::bigint AS reserved,
       sum(missing)::bigint AS missing, sum(issuing)::bigint AS issuing
FROM (SELECT account_id, key, variant_id, warehouse_id, line, held, missing, 0 AS awaiting, 0 AS issuing FROM held_part
      UNION ALL
      SELECT account_id, order_key, variant_id, warehouse_id, line, 0, 0,
             CASE WHEN state = 'AWAITING_ISSUE' THEN pieces ELSE 0 END, pieces
      FROM issue_line WHERE state IN ('AWAITING_ISSUE', 'ISSUED')) p
GROUP BY account_id, key, variant_id, warehouse_id, line;
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
CREATE INDEX returned_order ON returned (account_id, order_key);
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

DROP VIEW order_hop;
CREATE VIEW order_hop AS
    SELECT account_id, key AS order_id, NULL::text AS service, 'order.mapped' AS fact, trace, emitted_at, committed_at
    FROM reservation
    UNION ALL -- a goods issue's key begins with its order's and '/', and '0' follows '/' in byte order
    SELECT r.account_id, r.key, NULL, 'fulfilment.requested', g.trace, g.emitted_at, g.committed_at
    FROM reservation r JOIN goods_issue g ON g.account_id = r.account_id AND g.key > r.key || '/' AND g.key < r.key || '0'
    UNION ALL
    SELECT account_id, order_key, NULL, 'goods.returned', trace, emitted_at, committed_at FROM returned;
