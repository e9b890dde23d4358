-- Names and settings that other services own, as last told.

CREATE TABLE shop (
    account_id      bigint NOT NULL,
    shop_key        text   NOT NULL,
    upstream_rev    bigint NOT NULL,
    shop_id         bigint NOT NULL,
    channel         text   NOT NULL,
    channel_shop_id text   NOT NULL,
    alias           text   NOT NULL,
    region          text   NOT NULL,
    state           text   NOT NULL,
    PRIMARY KEY (account_id, shop_key)
);
CREATE TYPE shop_row AS (
    account_id bigint, shop_key text, upstream_rev bigint, shop_id bigint, channel text, channel_shop_id text,
    alias text, region text, state text
);

CREATE TABLE account (
    account_id   bigint NOT NULL,
    account_key  text   NOT NULL,
    upstream_rev bigint NOT NULL,
    name         text   NOT NULL,
    time_zone    text   NOT NULL,
    currency     text   NOT NULL,
    language     text   NOT NULL,
    state        text   NOT NULL,
    PRIMARY KEY (account_id, account_key)
);
CREATE TYPE account_row AS (
    account_id bigint, account_key text, upstream_rev bigint, name text, time_zone text, currency text,
    language text, state text
);

CREATE TABLE warehouse (
    account_id    bigint  NOT NULL,
    warehouse_key text    NOT NULL,
    upstream_rev  bigint  NOT NULL,
    warehouse_id  bigint  NOT NULL,
    name          text    NOT NULL,
    kind          text    NOT NULL,
    approved      boolean NOT NULL,
    PRIMARY KEY (account_id, warehouse_key)
);
CREATE TYPE warehouse_row AS (
    account_id bigint, warehouse_key text, upstream_rev bigint, warehouse_id bigint, name text, kind text,
    approved boolean
);
