-- Accounts, shops, and our own catalogue.

CREATE TABLE account (
    account_id   bigint  NOT NULL PRIMARY KEY,
    account_key  text    NOT NULL DEFAULT '',
    upstream_rev bigint  NOT NULL DEFAULT 0,
    name         text    NOT NULL DEFAULT '',
    currency     text    NOT NULL DEFAULT '',
    map_by_sku   boolean NOT NULL DEFAULT true,   -- link a listing SKU to the variant with the same SKU by itself
    link_rev     bigint  NOT NULL DEFAULT 0       -- raised first by whoever changes a link or a variant (README)
);
CREATE TYPE account_row AS (
    account_id bigint, account_key text, upstream_rev bigint, name text, currency text
);

CREATE TABLE shop (
    account_id   bigint NOT NULL,
    shop_key     text   NOT NULL,
    upstream_rev bigint NOT NULL,
    shop_id      bigint NOT NULL,
    alias        text   NOT NULL,
    region       text   NOT NULL,
    state        text   NOT NULL,
    PRIMARY KEY (account_id, shop_key)
);
CREATE TYPE shop_row AS (
    account_id bigint, shop_key text, upstream_rev bigint, shop_id bigint, alias text, region text, state text
);

-- Lower case without accents and Thai tone marks, of full and half width alike, for search: "Áo thun" is found by
-- "ao thun".  Taken apart before lower(), which knows ASCII alone in some locales.
CREATE FUNCTION folded(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN translate(lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f\u0e48-\u0e4c]', '', 'g')), 'Đđ', 'dd');

CREATE SEQUENCE variant_id;

CREATE TABLE variant (
    account_id  bigint      NOT NULL,
    variant_id  bigint      NOT NULL,
    rev         bigint      NOT NULL CHECK (rev > 0),   -- of variant.saved
    sku         text        NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
    name        text        NOT NULL CHECK (length(name) BETWEEN 1 AND 512),
    barcode     text        NOT NULL DEFAULT '',
    unit        text        NOT NULL DEFAULT '',
    image       text        NOT NULL DEFAULT '',
    source_link text        NOT NULL DEFAULT '',
    supply      text        NOT NULL CHECK (supply IN ('STOCKED', 'MADE_TO_ORDER', 'PURCHASED')),
    cost_minor  bigint      NOT NULL CHECK (cost_minor >= 0),
    currency    text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    weight_g    bigint      NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    parts       jsonb       NOT NULL DEFAULT '[]',      -- of a bundle: [{"variant_id", "pieces"}]; never bundles; fixed
    archived    boolean     NOT NULL DEFAULT false,
    news        integer     NOT NULL DEFAULT 1,         -- by the last save: 1 what a link to it means, 0 only its looks
    saved_at    timestamptz NOT NULL DEFAULT now(),
    saved_by    text        NOT NULL,
    search      text        GENERATED ALWAYS AS (folded(sku || ' ' || name || ' ' || barcode)) STORED,
    PRIMARY KEY (account_id, variant_id),
    UNIQUE (account_id, sku)
);
-- Equal but for case and blanks: what makes a match ambiguous.
CREATE INDEX variant_alike ON variant (account_id, upper(btrim(sku)));
CREATE INDEX variant_parts ON variant USING gin (parts jsonb_path_ops) WHERE parts <> '[]';

CREATE TYPE variant_row AS (
    variant_id bigint, sku text, name text, barcode text, unit text, image text, source_link text, supply text,
    cost_minor bigint, currency text, weight_g bigint, product_id bigint, value_ids bigint[], parts text
);
