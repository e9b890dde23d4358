-- Copies of others' facts that decisions use, and the settings of placing.

CREATE TABLE account (
    account_id   bigint      PRIMARY KEY,
    upstream_rev bigint      NOT NULL,
    name         text        NOT NULL,
    currency     text        NOT NULL,
    time_zone    text        NOT NULL,
    state        text        NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE account_row AS (account_id bigint, upstream_rev bigint, name text, currency text, time_zone text,
                            state text, trace uuid, emitted_at timestamptz);

CREATE TABLE shop (
    account_id   bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    upstream_rev bigint      NOT NULL,
    alias        text        NOT NULL,
    state        text        NOT NULL,
    warehouse_id bigint      NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, shop_id)
);
CREATE TYPE shop_row AS (account_id bigint, shop_id bigint, upstream_rev bigint, alias text, state text,
                         warehouse_id bigint, trace uuid, emitted_at timestamptz);

CREATE TABLE warehouse (
    account_id   bigint      NOT NULL,
    warehouse_id bigint      NOT NULL,
    upstream_rev bigint      NOT NULL,
    name         text        NOT NULL,
    kind         text        NOT NULL,
    approved     boolean     NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, warehouse_id)
);
CREATE TYPE warehouse_row AS (account_id bigint, warehouse_id bigint, upstream_rev bigint, name text, kind text,
                              approved boolean, trace uuid, emitted_at timestamptz);

CREATE TABLE variant_cost (
    account_id   bigint      NOT NULL,
    variant_id   bigint      NOT NULL,
    upstream_rev bigint      NOT NULL,
    sku          text        NOT NULL,
    cost_minor   bigint      NOT NULL,
    currency     text        NOT NULL,
    trace        uuid        NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, variant_id)
);
CREATE TYPE variant_cost_row AS (account_id bigint, variant_id bigint, upstream_rev bigint, sku text,
                                 cost_minor bigint, currency text, trace uuid, emitted_at timestamptz);

-- One row for each account, made with it.
CREATE TABLE setting (
    account_id      bigint      PRIMARY KEY,
    rev             bigint      NOT NULL DEFAULT 1,
    currency        text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'), -- of the wallet and of all charges
    auto_place      boolean     NOT NULL DEFAULT false,
    held_by_balance boolean     NOT NULL DEFAULT false, -- auto-place was switched off because the balance did not do
    surcharge_minor bigint      CHECK (surcharge_minor BETWEEN 0 AND 1000000000000), -- NULL: not set
    surcharge_per   text        NOT NULL DEFAULT 'unit' CHECK (surcharge_per IN ('unit', 'line')),
    shipping_minor  bigint      NOT NULL DEFAULT 0 CHECK (shipping_minor BETWEEN 0 AND 1000000000000),
    cost_rev        bigint      NOT NULL DEFAULT 0, -- raised with every change of the account's variant_cost
    saved_at        timestamptz NOT NULL DEFAULT now(),
    saved_by        text        NOT NULL DEFAULT '',
    CHECK (NOT (auto_place AND held_by_balance))
);

-- Something that drafts are decided on changed: they are evaluated anew from `after_key` on.  Added by whoever changed
-- it, deleted by the job; the second round finds those who had read the old value and committed after the first.
CREATE TABLE heal_mark (
    mark_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint      NOT NULL,
    round      integer     NOT NULL DEFAULT 1 CHECK (round IN (1, 2)),
    after_key  text        NOT NULL DEFAULT '',
    due        timestamptz NOT NULL DEFAULT now()
);
CREATE OR REPLACE VIEW heal_waiting AS SELECT due FROM heal UNION ALL SELECT due FROM heal_mark;
