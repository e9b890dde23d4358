-- Shops, the grants they are reached with, and how they were connected (states.md).

CREATE TABLE account (
    account_id   bigint PRIMARY KEY,
    upstream_rev bigint NOT NULL,
    name         text   NOT NULL,
    time_zone    text   NOT NULL,
    currency     text   NOT NULL,
    language     text   NOT NULL,
    state        text   NOT NULL
);
CREATE TYPE account_row AS (account_id bigint, upstream_rev bigint, name text, time_zone text, currency text,
                            language text, state text);

CREATE SEQUENCE grant_number;
CREATE TABLE seller_grant (
    account_id     bigint      NOT NULL,
    grant_id       bigint      NOT NULL DEFAULT nextval('grant_number'),
    open_id        text        NOT NULL,
    seller_name    text        NOT NULL,
    region         text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('PENDING', 'LIVE', 'FAILED', 'ENDED')),
    access_sealed  bytea,
    refresh_sealed bytea,
    token_rev      bigint      NOT NULL DEFAULT 1,
    access_ends_at timestamptz,
    ends_at        timestamptz,            -- of the refresh token: the grant's end
    refresh_at     timestamptz,            -- when the next refresh is due; NULL: never
    lease_until    timestamptz NOT NULL DEFAULT '-infinity',
    tries          integer     NOT NULL DEFAULT 0,
    problem        text,
    taken_back_at  timestamptz,            -- when the marketplace said that the seller took it back
    warned_days    integer     NOT NULL DEFAULT 1000,
    made           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, grant_id),
    CHECK (state <> 'ENDED' OR (access_sealed IS NULL AND refresh_sealed IS NULL))
);
CREATE INDEX seller_grant_refresh ON seller_grant (refresh_at) WHERE refresh_at IS NOT NULL;

CREATE TABLE connect (
    account_id   bigint      NOT NULL,
    connect_id   uuid        NOT NULL,
    state_hash   bytea       NOT NULL UNIQUE,
    state        text        NOT NULL DEFAULT 'WAITING'
                 CHECK (state IN ('WAITING', 'EXCHANGING', 'LISTING', 'CHOOSING', 'DONE', 'DECLINED', 'FAILED')),
    alias        text        NOT NULL CHECK (length(alias) BETWEEN 1 AND 120),
    region       text        NOT NULL CHECK (region ~ '^[A-Z]{2}$'),
    account_type text        NOT NULL,
    email        text        NOT NULL,
    phone        text        NOT NULL DEFAULT '',
    duration     text        NOT NULL DEFAULT 'unlimited',
    asked_by     text        NOT NULL,
    session      text        NOT NULL CHECK (session <> ''), -- the gateway's name for it: the return must come in it
    code_sealed  bytea,
    grant_id     bigint,
    problem      text,
    made         timestamptz NOT NULL DEFAULT now(),
    consented_at timestamptz,
    ends_at      timestamptz NOT NULL,     -- of the present state: 10 minutes to consent, 24 hours to choose
    due          timestamptz NOT NULL DEFAULT 'infinity',
    tries        integer     NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, connect_id)
);
CREATE INDEX connect_open ON connect (due)
    WHERE state IN ('WAITING', 'EXCHANGING', 'LISTING', 'CHOOSING');

-- The shops a grant covers, from which the seller chooses.
CREATE TABLE connect_shop (
    account_id      bigint NOT NULL,
    connect_id      uuid   NOT NULL,
    channel_shop_id text   NOT NULL,
    cipher          text   NOT NULL,
    name            text   NOT NULL,
    region          text   NOT NULL,
    problem         text,                  -- why the test call failed; NULL: it worked
    PRIMARY KEY (account_id, connect_id, channel_shop_id),
    FOREIGN KEY (account_id, connect_id) REFERENCES connect ON DELETE CASCADE
);
CREATE TYPE connect_shop_row AS (channel_shop_id text, cipher text, name text, region text, problem text);

CREATE SEQUENCE shop_number;
CREATE TABLE shop (
    account_id      bigint      NOT NULL,
    shop_id         bigint      NOT NULL DEFAULT nextval('shop_number'),
    channel         text        NOT NULL DEFAULT 'tiktok',
    channel_shop_id text        NOT NULL,
    cipher          text        NOT NULL,
    name            text        NOT NULL,
    alias           text        NOT NULL CHECK (length(alias) BETWEEN 1 AND 120),
    region          text        NOT NULL,
    state           text        NOT NULL DEFAULT 'CONNECTING'
                    CHECK (state IN ('CONNECTING', 'CONNECTED', 'NEAR_EXPIRY', 'EXPIRED', 'DISCONNECTED')),
    grant_id        bigint,
    warehouse_id    bigint      NOT NULL DEFAULT 0,
    reserve_unpaid  boolean     NOT NULL DEFAULT true,
    pull_on         boolean     NOT NULL DEFAULT true,
    orders_from     timestamptz NOT NULL DEFAULT to_timestamp(0), -- older orders are not imported by themselves
    rev             bigint      NOT NULL DEFAULT 0,
    connected_at    timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now(),
    hooks_due       timestamptz NOT NULL DEFAULT now(), -- when it is looked where its webhooks go
    cipher_refused  boolean     NOT NULL DEFAULT false,
    cipher_asked    timestamptz NOT NULL DEFAULT '-infinity', -- when the marketplace was last asked for another one
    PRIMARY KEY (account_id, shop_id),
    CHECK (state = 'DISCONNECTED' OR grant_id IS NOT NULL)
);
-- A shop is connected in one account only; across accounts, so it is not led by account_id.
CREATE UNIQUE INDEX shop_connected ON shop (channel, channel_shop_id) WHERE state <> 'DISCONNECTED';
CREATE UNIQUE INDEX shop_once ON shop (account_id, channel, channel_shop_id);
CREATE TYPE shop_choice AS (channel_shop_id text, alias text, warehouse_id bigint, history text,
                            from_s bigint, until_s bigint);

-- What is counted of a shop, apart from its row so that counting never waits for a person's change.
CREATE TABLE shop_count (
    account_id bigint      NOT NULL,
    shop_id    bigint      NOT NULL,
    orders     bigint      NOT NULL DEFAULT 0,
    listings   bigint      NOT NULL DEFAULT 0,
    webhook_at timestamptz,
    delay_ms   bigint,               -- from the marketplace's change of an order to ours; of the last news
    delay_at   timestamptz,
    webhook_delay_ms bigint,         -- from the change that the last webhook spoke of to its coming
    push_delay_ms bigint,            -- from a quantity's change to its being told; of the last round
    pushed_at  timestamptz,
    drifts     bigint      NOT NULL DEFAULT 0, -- quantities found changed behind our back, and told again
    drift_at   timestamptz,
    touched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, shop_id)
) WITH (fillfactor = 50);

CREATE TABLE channel_warehouse (
    account_id           bigint  NOT NULL,
    shop_id              bigint  NOT NULL,
    channel_warehouse_id text    NOT NULL,
    name                 text    NOT NULL,
    is_default           boolean NOT NULL,
    PRIMARY KEY (account_id, shop_id, channel_warehouse_id)
);
CREATE TYPE channel_warehouse_row AS (account_id bigint, shop_id bigint, channel_warehouse_id text, name text,
                                      is_default boolean);

-- What happened to a shop, for people.  What comes again and again (a pull, a refresh) is routine: one row an hour
-- for what is the same, and the newest 1,000 rows of a shop.
CREATE TABLE shop_event (
    account_id bigint      NOT NULL,
    shop_id    bigint      NOT NULL,
    event_id   bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL DEFAULT now(),
    until_at   timestamptz NOT NULL DEFAULT now(), -- when it last happened
    routine    boolean     NOT NULL DEFAULT false,
    times      bigint      NOT NULL DEFAULT 1,
    items      bigint      NOT NULL DEFAULT 0,     -- orders, listings, quantities; of all times together
    event      text        NOT NULL,
    person     text,
    detail     text,
    PRIMARY KEY (account_id, shop_id, event_id)
) WITH (fillfactor = 70);

-- How often each shop may be called, for all replicas (budget.h); 0 is the app's own.  Kinds of calls are places in
-- the arrays.  Times are microseconds.  Not of an account: calls for the app are of none.
CREATE TABLE call_budget (
    shop_id         bigint   PRIMARY KEY,
    used_micro      bigint   NOT NULL,
    rate_micro      bigint   NOT NULL, -- millionths of a call a second
    at_us           bigint   NOT NULL,
    slowed_us       bigint   NOT NULL,
    gate_used_micro bigint[] NOT NULL,
    gate_paused_us  bigint[] NOT NULL,
    gate_busy       bigint[] NOT NULL,
    gate_failures   bigint[] NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE TYPE budget_row AS (shop_id bigint, used_micro bigint, rate_micro bigint, at_us bigint, slowed_us bigint,
                           gate_used_micro bigint[], gate_paused_us bigint[], gate_busy bigint[],
                           gate_failures bigint[]);
