-- Import runs: what was asked of the marketplace, how far it is, and which orders each run saw.

CREATE SEQUENCE import_run_id;

-- Runs that the connector began by itself have negative numbers and appear with their first page.
CREATE TABLE import_run (
    account_id   bigint      NOT NULL,
    run_id       bigint      NOT NULL,
    rev          bigint      NOT NULL DEFAULT 0,  -- of import.requested
    shop_id      bigint      NOT NULL,
    from_at      timestamptz,
    until_at     timestamptz,
    reason       text        NOT NULL CHECK (reason IN ('automatic', 'backfill', 'manual')),
    requested_by text,
    asked        text        NOT NULL DEFAULT '', -- 'all', or the range as it was asked for
    started_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    orders_total bigint      NOT NULL DEFAULT 0,
    orders_seen  bigint      NOT NULL DEFAULT 0,
    failure      text,
    failure_rev  bigint      NOT NULL DEFAULT 0,  -- of the page that `failure` is from
    PRIMARY KEY (account_id, run_id)
);
-- Pressed twice, run once.
CREATE UNIQUE INDEX import_run_once ON import_run (account_id, shop_id, asked)
    WHERE finished_at IS NULL AND run_id > 0;
CREATE INDEX import_run_latest ON import_run (account_id, started_at, run_id);

CREATE TABLE import_page (
    account_id   bigint NOT NULL,
    page_key     text   NOT NULL,
    upstream_rev bigint NOT NULL,
    run_id       bigint NOT NULL,
    PRIMARY KEY (account_id, page_key)
);
CREATE TYPE import_page_row AS (
    account_id bigint, page_key text, upstream_rev bigint, emitted_at timestamptz, run_id bigint, shop_id bigint, orders_total bigint,
    orders_seen bigint, finished boolean, failure text
);

CREATE TABLE run_line (
    account_id       bigint      NOT NULL,
    run_id           bigint      NOT NULL,
    channel_order_id text        NOT NULL,
    order_id         text        NOT NULL,
    seen_at          timestamptz NOT NULL DEFAULT now(),
    problem          text        NOT NULL DEFAULT '', -- why the connector could not read it
    rev              bigint      NOT NULL DEFAULT 0,  -- of order.wanted
    asked_at         timestamptz,                     -- when a person had it loaded again
    PRIMARY KEY (account_id, run_id, channel_order_id)
);
CREATE TYPE run_line_row AS (account_id bigint, run_id bigint, channel_order_id text, order_id text, problem text);
