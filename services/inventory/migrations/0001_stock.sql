-- Warehouses, stock and its ledger; copies of accounts, shops and variants.

CREATE TABLE account (
    account_id   bigint      PRIMARY KEY,
    upstream_rev bigint      NOT NULL,
    name         text        NOT NULL,
    currency     text        NOT NULL,
    state        text        NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE account_row AS (account_id bigint, upstream_rev bigint, name text, currency text, state text,
                            trace uuid, emitted_at timestamptz);

CREATE TABLE warehouse (
    account_id   bigint      NOT NULL,
    warehouse_id bigint      GENERATED ALWAYS AS IDENTITY,
    rev          bigint      NOT NULL,
    name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    kind         text        NOT NULL CHECK (kind IN ('OWN', 'CLOUD_STOCKING', 'CLOUD_CONSOLIDATION')),
    priority     integer     NOT NULL CHECK (priority BETWEEN 0 AND 1000000),
    approved     boolean     NOT NULL,
    made         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, warehouse_id),
    UNIQUE (account_id, name)
);

CREATE TABLE shop (
    account_id        bigint      NOT NULL,
    shop_id           bigint      NOT NULL,
    upstream_rev      bigint      NOT NULL,
    alias             text        NOT NULL,
    state             text        NOT NULL,
    warehouse_id      bigint      NOT NULL, -- 0: none bound
    reserve_unpaid    boolean     NOT NULL,
    channel_warehouse text        NOT NULL, -- the marketplace's default warehouse; empty: unknown
    trace             uuid        NOT NULL,
    emitted_at        timestamptz,
    committed_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, shop_id)
);
CREATE TYPE shop_row AS (account_id bigint, shop_id bigint, upstream_rev bigint, alias text, state text,
                         warehouse_id bigint, reserve_unpaid boolean, channel_warehouse text, trace uuid,
                         emitted_at timestamptz);
CREATE TYPE shop_key AS (account_id bigint, shop_id bigint);

CREATE TABLE variant (
    account_id   bigint      NOT NULL,
    variant_id   bigint      NOT NULL,
    upstream_rev bigint      NOT NULL,
    sku          text        NOT NULL,
    barcode      text        NOT NULL,
    name         text        NOT NULL,
    unit         text        NOT NULL,
    image        text        NOT NULL,
    supply       text        NOT NULL,
    archived     boolean     NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, variant_id)
);
CREATE INDEX variant_sku ON variant (account_id, sku);
CREATE TYPE variant_row AS (account_id bigint, variant_id bigint, upstream_rev bigint, sku text, barcode text,
                            name text, unit text, image text, supply text, archived boolean, trace uuid,
                            emitted_at timestamptz);

-- The figures of a variant in a warehouse, in pieces.  available = on_hand - held - quarantined; what of `held` is on
-- goods issues stands there alone (stock_figure).  Narrow, no further index: every order touches two or three of them.  A lower fillfactor would have a page cleaned at
-- each visit instead of each tenth: 7 us a row instead of 3.6.
CREATE TABLE stock (
    account_id   bigint  NOT NULL,
    variant_id   bigint  NOT NULL,
    warehouse_id bigint  NOT NULL,
    on_hand      integer NOT NULL DEFAULT 0,
    held         integer NOT NULL DEFAULT 0, -- for orders: reserved, or on a goods issue that awaits its issue
    quarantined  integer NOT NULL DEFAULT 0,
    waiting      bigint  NOT NULL DEFAULT 0, -- pieces that orders wait for, here first of all
    last_take    integer NOT NULL DEFAULT 0, -- what the last batch took at once: tells it whether that fitted
    PRIMARY KEY (account_id, variant_id, warehouse_id),
    CONSTRAINT never_oversold CHECK (held >= 0 AND quarantined >= 0 AND waiting >= 0
                                     AND held + quarantined <= on_hand)
) WITH (fillfactor = 90);
ALTER TABLE stock SET (autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_threshold = 10000,
                       autovacuum_analyze_threshold = 500);
CREATE TYPE stock_key AS (account_id bigint, variant_id bigint, warehouse_id bigint);
CREATE TYPE stock_want AS (account_id bigint, variant_id bigint, warehouse_id bigint, wanted bigint);
CREATE TYPE stock_change AS (account_id bigint, variant_id bigint, warehouse_id bigint, on_hand bigint,
                             held bigint, quarantined bigint, waiting bigint);

-- Every movement of on_hand.
-- append-only: stock_entry
CREATE TABLE stock_entry (
    account_id   bigint      NOT NULL,
    variant_id   bigint      NOT NULL,
    warehouse_id bigint      NOT NULL,
    entry_id     bigint      GENERATED ALWAYS AS IDENTITY,
    delta        integer     NOT NULL,
    cause        text        NOT NULL CHECK (cause IN ('ADJUSTED', 'ISSUED', 'RETURNED')),
    document     text        NOT NULL, -- the goods issue's or return's key; empty for an adjustment
    reason       text        NOT NULL,
    user_name    text        NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, variant_id, warehouse_id, entry_id)
);
CREATE TYPE stock_entry_row AS (account_id bigint, variant_id bigint, warehouse_id bigint, delta bigint, cause text,
                                document text, reason text, user_name text);
