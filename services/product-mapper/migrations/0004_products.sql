-- Product types with their attributes, products, and which variant of its product a variant is.

CREATE SEQUENCE catalogue_id;   -- of types, attributes, values and products

CREATE TABLE product_type (
    account_id   bigint  NOT NULL,
    type_id      bigint  NOT NULL,
    rev          bigint  NOT NULL DEFAULT 1 CHECK (rev > 0),    -- of its history
    name         text    NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    needs_design boolean NOT NULL DEFAULT false,    -- made to order: nothing is made without a print file
    archived     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (account_id, type_id),
    UNIQUE (account_id, name)
);

CREATE TABLE attribute (
    account_id   bigint  NOT NULL,
    attribute_id bigint  NOT NULL,
    type_id      bigint  NOT NULL,
    place        integer NOT NULL,  -- among the type's, from 1
    name         text    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    PRIMARY KEY (account_id, attribute_id),
    UNIQUE (account_id, type_id, name),
    FOREIGN KEY (account_id, type_id) REFERENCES product_type
);
CREATE TYPE attribute_row AS (attribute_id bigint, place integer, name text);

CREATE TABLE attribute_value (
    account_id   bigint  NOT NULL,
    value_id     bigint  NOT NULL,
    attribute_id bigint  NOT NULL,
    place        integer NOT NULL,
    name         text    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    PRIMARY KEY (account_id, value_id),
    UNIQUE (account_id, attribute_id, name),
    FOREIGN KEY (account_id, attribute_id) REFERENCES attribute ON DELETE CASCADE
);
CREATE TYPE attribute_value_row AS (value_id bigint, attribute integer, place integer, name text);

CREATE TABLE product (
    account_id bigint  NOT NULL,
    product_id bigint  NOT NULL,
    type_id    bigint  NOT NULL,
    rev        bigint  NOT NULL DEFAULT 1 CHECK (rev > 0),
    name       text    NOT NULL CHECK (length(name) BETWEEN 1 AND 512),
    image      text    NOT NULL DEFAULT '',
    archived   boolean NOT NULL DEFAULT false,
    search     text    GENERATED ALWAYS AS (folded(name)) STORED,
    PRIMARY KEY (account_id, product_id),
    UNIQUE (account_id, type_id, name),
    FOREIGN KEY (account_id, type_id) REFERENCES product_type
);

-- A folded text LIKE this holds the words.
CREATE FUNCTION holding(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '%' || regexp_replace(folded(words), '([\\%_])', '\\\1', 'g') || '%';

-- Trigrams, as Thai and Chinese have no blanks between words (docs/decisions/0013-search-by-trigrams.md).
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX variant_search ON variant USING gin (search gin_trgm_ops);
CREATE INDEX variant_archived ON variant (account_id, variant_id) WHERE archived;
CREATE INDEX variant_supply ON variant (account_id, supply, variant_id);
CREATE INDEX product_search ON product USING gin (search gin_trgm_ops);

-- A variant without a product is complete as it is: it has no attributes.
ALTER TABLE variant
    ADD COLUMN product_id bigint,
    ADD COLUMN value_ids  bigint[] NOT NULL DEFAULT '{}',   -- ascending, at most one of each attribute of the type
    ADD FOREIGN KEY (account_id, product_id) REFERENCES product,
    ADD CHECK (product_id IS NOT NULL OR value_ids = '{}'),
    ADD CHECK (parts = '[]' OR product_id IS NULL);
CREATE INDEX variant_product ON variant (account_id, product_id) WHERE product_id IS NOT NULL;
CREATE UNIQUE INDEX variant_of_product ON variant (account_id, product_id, value_ids) WHERE value_ids <> '{}';
CREATE INDEX variant_values ON variant USING gin (value_ids) WHERE value_ids <> '{}';

-- What a link to a variant depends on.
CREATE VIEW variant_meaning AS
    SELECT v.account_id, v.variant_id, v.supply, v.archived, v.parts, p.type_id,
        coalesce(t.needs_design, false) AS needs_design,
        cardinality(v.value_ids) = (SELECT count(*) FROM attribute a
            WHERE a.account_id = p.account_id AND a.type_id = p.type_id) AS complete    -- every attribute is set
    FROM variant v
    LEFT JOIN product p ON p.account_id = v.account_id AND p.product_id = v.product_id
    LEFT JOIN product_type t ON t.account_id = p.account_id AND t.type_id = p.type_id;

-- Types, products and variants as they were after each change, for ever.
-- append-only: catalogue_history
CREATE TABLE catalogue_history (
    account_id bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('type', 'product', 'variant')),
    id         bigint      NOT NULL,
    rev        bigint      NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    by_whom    text        NOT NULL,
    state      jsonb       NOT NULL,
    PRIMARY KEY (account_id, kind, id, rev)
);
