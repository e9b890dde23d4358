-- What was pulled up to when, what is to be fetched, what was seen (states.md).

-- One row for each stream of a shop and for each import run.  Streams walk by update time, runs by creation time.
CREATE TABLE pull (
    account_id   bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('orders', 'listings', 'returns', 'cancellations', 'statements', 'run',
                                                     'day-sweep', 'month-sweep')),
    run_id       bigint      NOT NULL DEFAULT 0, -- order-ingest's number; ours are negative
    upstream_rev bigint      NOT NULL DEFAULT 0,
    reason       text        NOT NULL DEFAULT 'automatic',
    from_at      timestamptz NOT NULL,           -- the open window, or the next one's lower end
    until_at     timestamptz,                    -- fixed while paging; NULL: no window is open
    at           timestamptz NOT NULL,           -- position in the window
    token        text        NOT NULL DEFAULT '',
    edge         text[]      NOT NULL DEFAULT '{}', -- ids already seen at the position's second
    total        bigint      NOT NULL DEFAULT 0, -- as said with the window's first page
    here         bigint      NOT NULL DEFAULT 0, -- as said where the walk by token began
    again        integer     NOT NULL DEFAULT 0, -- how often this window was begun anew
    shrunk       boolean     NOT NULL DEFAULT false,
    page_size    integer     NOT NULL DEFAULT 50 CHECK (page_size BETWEEN 1 AND 100),
    pages        bigint      NOT NULL DEFAULT 0,
    seen         bigint      NOT NULL DEFAULT 0,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    epoch        bigint      NOT NULL DEFAULT 0, -- fencing: raised by whoever takes the row
    due          timestamptz NOT NULL DEFAULT now(),
    tries        integer     NOT NULL DEFAULT 0,
    problem      text,
    done_at      timestamptz,                    -- when a window was last completed
    finished     boolean     NOT NULL DEFAULT false,
    days_open    boolean     NOT NULL DEFAULT false, -- of a run of history: its days are certified (day_check)
    PRIMARY KEY (account_id, shop_id, kind, run_id),
    CHECK (kind = 'run' OR run_id = 0)
) WITH (fillfactor = 50);
CREATE INDEX pull_due ON pull (due) WHERE NOT finished;
CREATE SEQUENCE backfill_number;
-- Times of windows travel as seconds: 0 is a time there (from the first order on).
CREATE TYPE pull_row AS (account_id bigint, shop_id bigint, kind text, run_id bigint, epoch bigint, from_s bigint,
                         until_s bigint, at_s bigint, token text, edge text[], total bigint, here bigint,
                         again integer, shrunk boolean, page_size integer, pages integer, seen bigint,
                         wait_ms bigint, tries integer, problem text, done boolean, finished boolean);
CREATE TYPE run_row AS (account_id bigint, upstream_rev bigint, run_id bigint, shop_id bigint, from_s bigint,
                        until_s bigint, reason text, cancelled boolean);

-- A shop's days, each listed again and again beside the import, to be compared with what the order book holds.
CREATE TABLE day_check (
    account_id   bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    day          timestamptz NOT NULL,           -- begins, UTC
    upstream_rev bigint      NOT NULL DEFAULT 0, -- of day.wanted
    check_number bigint      NOT NULL DEFAULT 0,
    from_at      timestamptz,                    -- creation times of the check that is open
    until_at     timestamptz,                    -- NULL: none is open
    before_at    timestamptz,                    -- what was created from here on has been told
    slice        bigint      NOT NULL DEFAULT 0, -- told so far
    listed       bigint      NOT NULL DEFAULT 0, -- orders in them
    total        bigint      NOT NULL DEFAULT 0, -- as said with the first page
    page_size    integer     NOT NULL DEFAULT 100 CHECK (page_size BETWEEN 1 AND 100),
    epoch        bigint      NOT NULL DEFAULT 0, -- fencing: raised by whoever takes the row
    due          timestamptz NOT NULL DEFAULT now(),
    tries        integer     NOT NULL DEFAULT 0,
    problem      text,
    done_at      timestamptz,
    PRIMARY KEY (account_id, shop_id, day)
) WITH (fillfactor = 50);
CREATE INDEX day_check_due ON day_check (due);
CREATE TYPE day_row AS (account_id bigint, key text, upstream_rev bigint, shop_id bigint, day timestamptz, after_s bigint);

-- The newest of each order that was emitted.
CREATE TABLE seen_order (
    account_id       bigint      NOT NULL,
    shop_id          bigint      NOT NULL,
    channel_order_id text        NOT NULL CHECK (length(channel_order_id) BETWEEN 1 AND 32),
    updated_at       timestamptz NOT NULL, -- the marketplace's update_time
    began_at         timestamptz NOT NULL, -- when the request began, by this database's clock
    hash             bigint      NOT NULL, -- of the content as emitted
    rev              bigint      NOT NULL,
    PRIMARY KEY (account_id, shop_id, channel_order_id)
) WITH (fillfactor = 85);
CREATE TYPE seen_row AS (account_id bigint, shop_id bigint, id text, updated_at timestamptz, began_at timestamptz,
                         hash bigint, known_only boolean);

CREATE TABLE seen_listing (
    account_id bigint      NOT NULL,
    shop_id    bigint      NOT NULL,
    product_id text        NOT NULL CHECK (length(product_id) BETWEEN 1 AND 32),
    updated_at timestamptz NOT NULL,
    began_at   timestamptz NOT NULL,
    hash       bigint      NOT NULL,
    rev        bigint      NOT NULL,
    PRIMARY KEY (account_id, shop_id, product_id)
) WITH (fillfactor = 85);

CREATE TABLE seen_return (
    account_id bigint      NOT NULL,
    shop_id    bigint      NOT NULL,
    return_id  text        NOT NULL CHECK (length(return_id) BETWEEN 1 AND 32),
    updated_at timestamptz NOT NULL,
    began_at   timestamptz NOT NULL,
    hash       bigint      NOT NULL,
    rev        bigint      NOT NULL,
    PRIMARY KEY (account_id, shop_id, return_id)
) WITH (fillfactor = 85);

-- Statements as they were listed; what each is made of is read by itself, anew whenever it says something else.
CREATE TABLE statement (
    account_id   bigint      NOT NULL,
    shop_id      bigint      NOT NULL,
    statement_id text        NOT NULL CHECK (length(statement_id) BETWEEN 1 AND 32),
    hash         bigint      NOT NULL,             -- of `fact`
    fact         bytea       NOT NULL,             -- channel.statement, but for head and number of transactions
    wanted       bigint      NOT NULL DEFAULT 1,
    done         bigint      NOT NULL DEFAULT 0,
    reading      bigint      NOT NULL DEFAULT 0,   -- which value of `wanted` the position is of
    token        text        NOT NULL DEFAULT '',  -- of the next page; empty: the first
    told         bigint      NOT NULL DEFAULT 0,   -- transactions of the pages before
    again        integer     NOT NULL DEFAULT 0,   -- how often the list lacked some and was begun anew
    epoch        bigint      NOT NULL DEFAULT 0,   -- fencing: raised by whoever takes the row
    due          timestamptz NOT NULL DEFAULT now(),
    tries        integer     NOT NULL DEFAULT 0,
    problem      text,
    PRIMARY KEY (account_id, shop_id, statement_id)
) WITH (fillfactor = 70);
CREATE INDEX statement_due ON statement (due) WHERE done < wanted;
CREATE TYPE statement_row AS (account_id bigint, shop_id bigint, statement_id text, hash bigint, fact bytea);
CREATE TYPE statement_step AS (account_id bigint, shop_id bigint, statement_id text, epoch bigint, token text,
                               told bigint, again integer, tries integer, problem text, wait_ms bigint, done boolean);

-- Orders to be fetched, one row each.
CREATE TABLE order_fetch (
    account_id       bigint      NOT NULL,
    shop_id          bigint      NOT NULL,
    channel_order_id text        NOT NULL CHECK (length(channel_order_id) BETWEEN 1 AND 32),
    wanted           bigint      NOT NULL DEFAULT 1,
    done             bigint      NOT NULL DEFAULT 0,
    notice_at        timestamptz NOT NULL DEFAULT to_timestamp(0), -- update_time the notice spoke of
    always           boolean     NOT NULL DEFAULT false,       -- a person or a gap asked: emit in any case
    alone            boolean     NOT NULL DEFAULT false,       -- its batch was refused
    tries            integer     NOT NULL DEFAULT 0,
    due              timestamptz NOT NULL DEFAULT now(),
    made             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, shop_id, channel_order_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX order_fetch_due ON order_fetch (due);
CREATE TYPE fetch_row AS (account_id bigint, shop_id bigint, channel_order_id text, taken bigint,
                          made timestamptz, outcome text, wait_ms bigint);

-- Orders that order-ingest asked for: the newest request of each.
CREATE TABLE wanted_order (
    account_id   bigint NOT NULL,
    key          text   NOT NULL,
    upstream_rev bigint NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE TYPE wanted_row AS (account_id bigint, key text, upstream_rev bigint);
CREATE TYPE order_id AS (account_id bigint, shop_id bigint, channel_order_id text);

-- Webhooks taken in, so that a repeated one is known; kept for 14 days.  Bodies are not kept: they may
-- hold a buyer's words.  Of the kinds that later work is about, the numbers and states are.
CREATE SEQUENCE kept_notice_number;
CREATE TABLE notice (
    account_id      bigint      NOT NULL,
    shop_id         bigint      NOT NULL,
    notification_id text        NOT NULL CHECK (length(notification_id) BETWEEN 1 AND 64),
    content_hash    bigint      NOT NULL, -- the same number with something else to say is another notice
    type            integer     NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    unknown         text,                 -- names of the fields of a kind we do not know
    content         jsonb,
    kept_id         bigint,               -- of those with one of the two
    PRIMARY KEY (account_id, shop_id, notification_id, content_hash)
);
CREATE INDEX notice_at ON notice USING brin (at);
CREATE INDEX notice_kept ON notice (account_id, shop_id, kept_id) WHERE kept_id IS NOT NULL;
CREATE TYPE notice_row AS (channel_shop_id text, notification_id text, content_hash bigint, type integer, effect text,
                           unknown text, content text, ends_s bigint, updated_s bigint, orders text[]);
