-- The orders we have decided, as they were told to us, so that a changed link can be applied to them.

CREATE TABLE mapped_order (
    account_id   bigint      NOT NULL,
    order_id     text        COLLATE "C" NOT NULL,
    upstream_rev bigint      NOT NULL,  -- of order.recorded
    rev          bigint      NOT NULL,  -- of order.mapped
    trace        uuid        NOT NULL,
    emitted_at   timestamptz NOT NULL,
    committed_at timestamptz NOT NULL,
    decided_with bigint      NOT NULL,  -- account.link_rev, not newer than what was read
    open         boolean     NOT NULL,  -- false: completed or cancelled, needs no healing
    waits        boolean     NOT NULL,  -- it is still to be shipped
    sku_keys     text[]      NOT NULL,  -- its listing SKUs, each once
    body         bytea       NOT NULL,  -- the fact as it came, without its head
    PRIMARY KEY (account_id, order_id)
) WITH (fillfactor = 85);
-- How healing finds the open orders of a SKU.  Unchanged by a new revision with the same lines: the update stays HOT.
CREATE INDEX mapped_order_open ON mapped_order USING gin (sku_keys) WITH (gin_pending_list_limit = 1024) WHERE open;
ALTER TABLE mapped_order SET (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE TYPE mapped_order_row AS (
    account_id bigint, order_id text, upstream_rev bigint, trace uuid, emitted_at timestamptz, open boolean,
    waits boolean, sku_keys text[], body bytea
);

DROP VIEW order_hop;
CREATE VIEW order_hop AS
    SELECT account_id, order_id, NULL::text AS service, 'order.recorded' AS fact, trace, emitted_at, committed_at
    FROM mapped_order;
