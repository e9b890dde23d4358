-- Certificates: what the marketplace lists of a day beside what the book holds of it, by a second way than the import.

-- Finds what was created in a span.  Orders come about as they are created, so a few bytes for each stretch of the table
-- do, and a change never touches it.
CREATE INDEX orders_created ON orders USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

-- The newest list of each slice of a day, compared when it came.
CREATE TABLE day_slice (
    account_id   bigint      NOT NULL,
    slice_key    text        NOT NULL,
    upstream_rev bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    day          timestamptz NOT NULL,
    check_number bigint      NOT NULL,
    slices       bigint      NOT NULL,            -- with the last slice only, else 0
    until_at     timestamptz NOT NULL,
    total        bigint      NOT NULL,            -- with the last slice only, else 0
    listed       bigint      NOT NULL DEFAULT 0,
    held         bigint      NOT NULL DEFAULT 0,
    missing      text[]      NOT NULL DEFAULT '{}', -- listed, and not in the book
    extra        text[]      NOT NULL DEFAULT '{}', -- in the book, and not listed
    stale        text[]      NOT NULL DEFAULT '{}', -- listed with a change that the book does not have
    PRIMARY KEY (account_id, slice_key)
);
CREATE INDEX day_slice_day ON day_slice (account_id, shop_id, day);
CREATE TYPE day_slice_row AS (
    account_id bigint, slice_key text, upstream_rev bigint, shop_id bigint, day timestamptz, check_number bigint,
    slices bigint, until_at timestamptz, total bigint, from_at timestamptz, before_at timestamptz, unreadable bigint
);
CREATE TYPE listed_order_row AS (account_id bigint, slice_key text, order_id text, updated_at timestamptz);

-- The newest complete check of each day.
CREATE TABLE certificate (
    account_id   bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    day          timestamptz NOT NULL,
    check_number bigint      NOT NULL DEFAULT 0,  -- 0: the day is being listed for the first time
    until_at     timestamptz,
    listed       bigint      NOT NULL DEFAULT 0,
    held         bigint      NOT NULL DEFAULT 0,
    difference   bigint      NOT NULL DEFAULT 0,
    missing      text[]      NOT NULL DEFAULT '{}',
    extra        text[]      NOT NULL DEFAULT '{}',
    stale        text[]      NOT NULL DEFAULT '{}',
    tries        integer     NOT NULL DEFAULT 0,  -- checks in a row that did not come out even
    found        bigint      NOT NULL DEFAULT 0,  -- orders that were missing or stale, over all checks
    checked_at   timestamptz,
    PRIMARY KEY (account_id, shop_id, day)
);
CREATE TYPE day_key AS (account_id bigint, shop_id bigint, day timestamptz, check_number bigint);

CREATE VIEW certificate_item AS
    SELECT account_id, shop_id, day, jsonb_build_object(
        'day', to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'until', rfc3339(until_at),
        'over', until_at >= day + interval '1 day', 'listed', listed, 'held', held, 'difference', difference,
        'missing', to_jsonb(missing[1:100]), 'extra', to_jsonb(extra[1:100]), 'stale', to_jsonb(stale[1:100]),
        'found', found, 'checked_at', rfc3339(checked_at)) AS item
    FROM certificate WHERE check_number > 0;
