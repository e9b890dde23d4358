-- What the shops list, what each listing SKU is made of, and how that changed.

CREATE TABLE listing (
    account_id   bigint      NOT NULL,
    listing_id   text        COLLATE "C" NOT NULL,  -- "<shop_id>-<product id>"
    upstream_rev bigint      NOT NULL DEFAULT 0,    -- 0: an order named it, it was never downloaded
    shop_id      bigint      NOT NULL,
    product_id   text        NOT NULL,
    title        text        NOT NULL DEFAULT '',
    state        text        NOT NULL DEFAULT '',   -- the marketplace's word
    image_url    text        NOT NULL DEFAULT '',
    updated_at   timestamptz,
    personalised boolean     NOT NULL DEFAULT false, -- each order line has a design of its own
    search       text        GENERATED ALWAYS AS (folded(title || ' ' || product_id)) STORED,
    PRIMARY KEY (account_id, listing_id)
);
CREATE TYPE listing_row AS (
    account_id bigint, listing_id text, upstream_rev bigint, shop_id bigint, product_id text, title text, state text,
    image_url text, updated_at timestamptz
);

-- One row for each listing SKU we know of, from a listing or from an order.  The mapping is in the row: `parts` as
-- chosen, `resolved` as the pipeline needs it (bundles taken apart, with supply modes), so that an order's lines are
-- resolved by one look-up each.
CREATE TABLE listing_sku (
    account_id  bigint  NOT NULL,
    sku_key     text    COLLATE "C" NOT NULL,       -- "<shop_id>-<sku id>"
    rev         bigint  NOT NULL DEFAULT 0,         -- of listing.mapped
    link_rev    bigint  NOT NULL DEFAULT 0,         -- account.link_rev when its meaning last changed
    listing_id  text    COLLATE "C" NOT NULL,
    shop_id     bigint  NOT NULL,
    product_id  text    NOT NULL,
    sku_id      text    NOT NULL,
    downloaded  boolean NOT NULL,
    sold        boolean NOT NULL DEFAULT true,      -- false: the listing no longer has it
    ordered     boolean NOT NULL DEFAULT false,     -- an order has named it
    seller_sku  text    NOT NULL DEFAULT '',
    title       text    NOT NULL DEFAULT '',
    currency    text    NOT NULL DEFAULT '',
    price_minor bigint  NOT NULL DEFAULT 0,
    warehouses  text[]  NOT NULL DEFAULT '{}',      -- the marketplace's
    parts       jsonb   NOT NULL DEFAULT '[]',      -- [{"variant_id", "pieces"}]; none: not linked
    design_id   text    NOT NULL DEFAULT '',        -- the print file of whatever is made for it; empty: none
    by_hand     boolean NOT NULL DEFAULT false,     -- a person decided the parts last: nothing links it by itself
    resolved    json,                               -- [{"variant_id", "pieces", "supply"}]; null: there is a problem
    problem     text    NOT NULL DEFAULT '' CHECK (problem IN ('', 'NOT_DOWNLOADED', 'UNMAPPED', 'INCOMPLETE',
                'DESIGN_MISSING')),
    news        integer NOT NULL DEFAULT 1,         -- by the last listing: 1 what stock levels or links depend on, 0 else
    PRIMARY KEY (account_id, sku_key),
    CHECK ((resolved IS NULL) = (problem <> ''))
);
CREATE INDEX listing_sku_listing ON listing_sku (account_id, listing_id);
CREATE INDEX listing_sku_parts ON listing_sku USING gin (parts jsonb_path_ops) WHERE parts <> '[]';
CREATE INDEX listing_sku_unlinked ON listing_sku (account_id, upper(btrim(seller_sku)))
    WHERE parts = '[]' AND downloaded AND sold AND seller_sku <> '';

CREATE TYPE listing_sku_row AS (
    account_id bigint, sku_key text, listing_id text, shop_id bigint, product_id text, sku_id text, seller_sku text,
    title text, currency text, price_minor bigint, warehouses text[]
);
CREATE TYPE placeholder_row AS (
    account_id bigint, sku_key text, listing_id text, shop_id bigint, product_id text, sku_id text, seller_sku text,
    title text
);
CREATE TYPE sku_ref AS (account_id bigint, sku_key text, at integer);
CREATE TYPE resolved_row AS (account_id bigint, sku_key text, resolved text, problem text);

-- Every change of a link, for ever.
-- append-only: link_history
CREATE TABLE link_history (
    account_id bigint      NOT NULL,
    sku_key    text        NOT NULL,
    link_rev   bigint      NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    by_whom    text        NOT NULL,
    reason     text        NOT NULL,
    old_parts  jsonb       NOT NULL,
    new_parts  jsonb       NOT NULL,
    PRIMARY KEY (account_id, sku_key, link_rev)
);
CREATE TYPE link_row AS (account_id bigint, sku_key text, parts text, reason text);
