-- What is shown on the marketplace: listing SKUs, push rules, levels told.

CREATE TABLE listing (
    account_id   bigint         NOT NULL,
    key          text           NOT NULL CHECK (length(key) BETWEEN 1 AND 96), -- shop - SKU
    upstream_rev bigint         NOT NULL,
    shop_id      bigint         NOT NULL,
    product_id   text           NOT NULL,
    sku_id       text           NOT NULL,
    parts        bigint[]       NOT NULL CHECK (cardinality(parts) % 2 = 0), -- two each: listing_part spells them
    warehouses   text[]         NOT NULL, -- the marketplace's, where the listing is stocked
    trace        uuid           NOT NULL,
    emitted_at   timestamptz,
    committed_at timestamptz    NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE VIEW listing_part AS
SELECT account_id, key, parts[i] AS variant_id, parts[i + 1] AS pieces
FROM listing, generate_series(1, cardinality(parts), 2) i;
CREATE TYPE listing_row AS (account_id bigint, key text, upstream_rev bigint, shop_id bigint, product_id text,
                            sku_id text, parts bigint[], warehouses text[], trace uuid, emitted_at timestamptz);

-- Which listings a variant is in.
CREATE TABLE listing_use (
    account_id  bigint NOT NULL,
    variant_id  bigint NOT NULL,
    listing_key text   NOT NULL,
    PRIMARY KEY (account_id, variant_id, listing_key)
);
CREATE INDEX listing_use_listing ON listing_use (account_id, listing_key);

-- How the figure shown comes from what is available.  No row: all of it.
CREATE TABLE push_rule (
    account_id bigint  NOT NULL,
    shop_id    bigint  NOT NULL,
    percent    integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    reserve    integer NOT NULL CHECK (reserve BETWEEN 0 AND 1000000),
    most       integer NOT NULL CHECK (most BETWEEN 0 AND 1000000000),
    threshold  integer NOT NULL CHECK (threshold BETWEEN 0 AND 1000000),
    PRIMARY KEY (account_id, shop_id)
);

-- One row for each transaction that changed figures: added with the change, deleted with the emission.
CREATE TABLE level_mark (
    mark_id    bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint   NOT NULL,
    variants   bigint[] NOT NULL,
    listings   text[]   NOT NULL DEFAULT '{}'
);
ALTER TABLE level_mark SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE level_told (
    account_id  bigint      NOT NULL,
    key         text        NOT NULL, -- shop - SKU - channel warehouse
    rev         bigint      NOT NULL,
    quantity    bigint      NOT NULL,
    told_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
) WITH (fillfactor = 70);
CREATE TYPE level_row AS (account_id bigint, key text, quantity bigint);
