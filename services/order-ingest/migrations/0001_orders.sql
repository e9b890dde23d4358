-- The order book: what the marketplace says of each order, and the stage that comes back from placement.

-- One row for each order.  Lines and packages are documents of the row: each revision replaces them whole, and they
-- are read only together with their order (docs/decisions/0005-order-lines-in-the-row.md).
CREATE TABLE orders (
    account_id       bigint      NOT NULL,
    order_id         text        COLLATE "C" NOT NULL CHECK (length(order_id) BETWEEN 1 AND 96),
    upstream_rev     bigint      NOT NULL,  -- of channel.order
    rev              bigint      NOT NULL,  -- of order.recorded
    trace            uuid        NOT NULL,  -- of the revision that last changed the content
    emitted_at       timestamptz NOT NULL,  -- when the connector said that
    committed_at     timestamptz NOT NULL,  -- when the last revision was accepted
    first_at         timestamptz NOT NULL,  -- when the first one was
    changed_at       timestamptz NOT NULL,  -- when the content last changed
    content_hash     bigint      NOT NULL,
    change           integer     NOT NULL CHECK (change BETWEEN 0 AND 3),  -- by the last revision: enum order_change
    shop_id          bigint      NOT NULL,
    created_at       timestamptz NOT NULL,  -- from here on: the marketplace's word
    updated_at       timestamptz NOT NULL,
    channel_status   text        NOT NULL,
    cause            text        NOT NULL,  -- '' or why it is cancelled; with the status it names the status_rule
    was_status       text,                  -- before the last revision, like was_cause; NULL: it was the first
    was_cause        text,
    paid_at          timestamptz,
    ready_at         timestamptz,
    collected_at     timestamptz,
    delivered_at     timestamptz,
    cancelled_at     timestamptz,
    ship_by          timestamptz,
    cancel_initiator text,
    cancel_reason    text,
    is_cod               boolean NOT NULL,
    is_sample            boolean NOT NULL,
    is_replacement       boolean NOT NULL,
    fulfilled_by_channel boolean NOT NULL,
    buyer_wants_cancel   boolean NOT NULL,
    shipping_type        text,
    delivery_option_id   text,
    channel_warehouse_id text,
    currency                text    NOT NULL,
    total_minor             bigint  NOT NULL,
    subtotal_minor          bigint  NOT NULL,
    shipping_minor          bigint  NOT NULL,
    tax_minor               bigint  NOT NULL,
    seller_discount_minor   bigint  NOT NULL,
    platform_discount_minor bigint  NOT NULL,
    units            bigint      NOT NULL,
    line_count       integer     NOT NULL,
    skus             bigint      NOT NULL,  -- three bits of 64 for each seller SKU of its lines: sku_bits.c
    lines            text        NOT NULL,  -- JSON, written by document.c; not parsed again on the way in
    packages         text,                  -- JSON
    buyer_note       text,
    deleted          boolean     NOT NULL DEFAULT false,  -- a person put it away: order_deletion says who
    PRIMARY KEY (account_id, order_id)
) WITH (fillfactor = 90);
-- Serves every list and search that does not begin with a stage or an id: whatever these may ask of an order is in it, so
-- the worst of them reads this index once and no order (docs/decisions/0011-counts-by-difference.md).
CREATE INDEX orders_latest ON orders (account_id, updated_at, order_id) INCLUDE (created_at, ship_by, skus, shop_id, is_cod,
    is_sample, is_replacement, fulfilled_by_channel, buyer_wants_cancel, channel_status, cause, deleted);
ALTER TABLE orders SET (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE TYPE orders_row AS (
    account_id bigint, order_id text, upstream_rev bigint, trace uuid, emitted_at timestamptz,
    content_hash bigint, shop_id bigint, created_at timestamptz, updated_at timestamptz,
    channel_status text, cause text, paid_at timestamptz, ready_at timestamptz, collected_at timestamptz,
    delivered_at timestamptz, cancelled_at timestamptz, ship_by timestamptz, cancel_initiator text,
    cancel_reason text, is_cod boolean, is_sample boolean, is_replacement boolean,
    fulfilled_by_channel boolean, buyer_wants_cancel boolean, shipping_type text, delivery_option_id text,
    channel_warehouse_id text, currency text, total_minor bigint, subtotal_minor bigint,
    shipping_minor bigint, tax_minor bigint, seller_discount_minor bigint, platform_discount_minor bigint,
    units bigint, line_count integer, skus bigint, lines text, packages text, buyer_note text
);

-- What an order said before each of its changes, for ever.  What it says now is its row: order_past has both, and
-- order_at the whole order as it was at any moment.
-- append-only: order_history
CREATE TABLE order_history (
    account_id     bigint      NOT NULL,
    order_id       text        COLLATE "C" NOT NULL,
    upstream_rev   bigint      NOT NULL,  -- the last one that said this
    at             timestamptz NOT NULL,  -- accepted here
    trace          uuid        NOT NULL,
    emitted_at     timestamptz NOT NULL,
    content_hash   bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,  -- changed at the marketplace
    channel_status text        NOT NULL,
    cause          text        NOT NULL,
    paid_at        timestamptz,
    ready_at       timestamptz,
    collected_at   timestamptz,
    delivered_at   timestamptz,
    cancelled_at   timestamptz,
    ship_by        timestamptz,
    cancel_initiator     text,
    cancel_reason        text,
    is_cod               boolean NOT NULL,
    is_sample            boolean NOT NULL,
    is_replacement       boolean NOT NULL,
    fulfilled_by_channel boolean NOT NULL,
    buyer_wants_cancel   boolean NOT NULL,
    shipping_type        text,
    delivery_option_id   text,
    channel_warehouse_id text,
    currency                text   NOT NULL,
    total_minor             bigint NOT NULL,
    subtotal_minor          bigint NOT NULL,
    shipping_minor          bigint NOT NULL,
    tax_minor               bigint NOT NULL,
    seller_discount_minor   bigint NOT NULL,
    platform_discount_minor bigint NOT NULL,
    units          bigint      NOT NULL,
    line_count     integer     NOT NULL,
    skus           bigint      NOT NULL,
    lines          text,                  -- NULL: as in the version that followed; so are packages and buyer_note
    packages       text,
    buyer_note     text,
    PRIMARY KEY (account_id, order_id, upstream_rev)
);

-- OLD is the very version that the update replaces, under the row's lock, so no replica can come in between.  A new
-- order costs nothing here.
CREATE FUNCTION keep_replaced_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_history
    VALUES (OLD.account_id, OLD.order_id, OLD.upstream_rev, OLD.changed_at, OLD.trace, OLD.emitted_at, OLD.content_hash,
            OLD.created_at, OLD.updated_at, OLD.channel_status, OLD.cause, OLD.paid_at, OLD.ready_at, OLD.collected_at,
            OLD.delivered_at, OLD.cancelled_at, OLD.ship_by, OLD.cancel_initiator, OLD.cancel_reason, OLD.is_cod,
            OLD.is_sample, OLD.is_replacement, OLD.fulfilled_by_channel, OLD.buyer_wants_cancel, OLD.shipping_type,
            OLD.delivery_option_id, OLD.channel_warehouse_id, OLD.currency, OLD.total_minor, OLD.subtotal_minor,
            OLD.shipping_minor, OLD.tax_minor, OLD.seller_discount_minor, OLD.platform_discount_minor, OLD.units,
            OLD.line_count, OLD.skus, nullif(OLD.lines, NEW.lines),
            CASE WHEN OLD.packages IS DISTINCT FROM NEW.packages THEN coalesce(OLD.packages, '[]') END,
            CASE WHEN OLD.buyer_note IS DISTINCT FROM NEW.buyer_note THEN coalesce(OLD.buyer_note, '') END);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_replaced AFTER UPDATE ON orders FOR EACH ROW
    WHEN (OLD.content_hash <> NEW.content_hash) EXECUTE FUNCTION keep_replaced_order();

-- Who put an order away, and who took it out again.  What the marketplace says of one that is deleted is kept as ever.
-- append-only: order_deletion
CREATE TABLE order_deletion (
    account_id bigint      NOT NULL,
    order_id   text        COLLATE "C" NOT NULL,
    rev        bigint      NOT NULL,  -- of the order.recorded that says so
    at         timestamptz NOT NULL DEFAULT now(),
    deleted    boolean     NOT NULL,  -- false: restored
    user_name  text        NOT NULL,
    reason     text        NOT NULL CHECK (length(reason) <= 500),  -- '': none was needed
    trace      uuid        NOT NULL,
    PRIMARY KEY (account_id, order_id, rev)
);

-- Which revisions a person wrote, of orders made by hand.
-- append-only: manual_edit
CREATE TABLE manual_edit (
    account_id   bigint NOT NULL,
    order_id     text   COLLATE "C" NOT NULL,
    upstream_rev bigint NOT NULL,
    user_name    text   NOT NULL,
    PRIMARY KEY (account_id, order_id, upstream_rev)
);
CREATE TYPE manual_edit_key AS (account_id bigint, order_id text, upstream_rev bigint);

-- Who bought it: sealed with the account's key, and gone when it expires.
CREATE TABLE order_buyer (
    account_id bigint      NOT NULL,
    order_id   text        COLLATE "C" NOT NULL,
    sealed     bytea       NOT NULL CHECK (length(sealed) <= 8192),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, order_id)
);
CREATE INDEX order_buyer_expiry ON order_buyer USING brin (expires_at);
CREATE TYPE order_buyer_row AS (account_id bigint, order_id text, sealed bytea, first_at timestamptz);
CREATE TYPE order_key AS (account_id bigint, order_id text);

-- Orders by the carrier's number: several in one parcel share it.  A number that was replaced still finds its order.
CREATE TABLE order_tracking (
    account_id bigint NOT NULL,
    tracking   text   COLLATE "C" NOT NULL,
    order_id   text   COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, tracking, order_id)
);
CREATE TYPE order_tracking_row AS (account_id bigint, tracking text, order_id text);

-- How far we are with an order, as placement says.  Its own table, so that a stage never rewrites an order, and one
-- that comes before its order (after a restore) is kept.
CREATE TABLE order_stage (
    account_id    bigint      NOT NULL,
    order_id      text        COLLATE "C" NOT NULL,
    upstream_rev  bigint      NOT NULL,
    trace         uuid        NOT NULL,  -- of the revision that last changed something
    emitted_at    timestamptz NOT NULL,  -- of the same
    committed_at  timestamptz NOT NULL,
    stage         text        NOT NULL,
    was_stage     text,                -- before the last revision; NULL: it was the first
    since         timestamptz NOT NULL,
    placed_at     timestamptz,
    charged_minor bigint      NOT NULL,
    currency      text        NOT NULL,
    conditions    jsonb,               -- the open ones; null: none
    PRIMARY KEY (account_id, order_id)
) WITH (fillfactor = 80);
-- Serves the counts and the list of a stage.  Same stage, other conditions: the update stays HOT.
CREATE INDEX order_stage_stage ON order_stage (account_id, stage, since);
-- Serves the filter by an open condition.  An order that is placed has none, and costs nothing here.
CREATE INDEX order_stage_open ON order_stage (account_id, since) WHERE conditions IS NOT NULL;
ALTER TABLE order_stage SET (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE TYPE order_stage_row AS (
    account_id bigint, order_id text, upstream_rev bigint, trace uuid, emitted_at timestamptz, stage text,
    since timestamptz, placed_at timestamptz, charged_minor bigint, currency text, conditions text
);

-- What placement said before each change of its mind, for ever.
-- append-only: stage_history
CREATE TABLE stage_history (
    account_id    bigint      NOT NULL,
    order_id      text        COLLATE "C" NOT NULL,
    upstream_rev  bigint      NOT NULL,
    trace         uuid        NOT NULL,
    emitted_at    timestamptz NOT NULL,
    committed_at  timestamptz NOT NULL,
    stage         text        NOT NULL,
    since         timestamptz NOT NULL,
    placed_at     timestamptz,
    charged_minor bigint      NOT NULL,
    currency      text        NOT NULL,
    conditions    jsonb,
    PRIMARY KEY (account_id, order_id, upstream_rev)
);
CREATE FUNCTION keep_replaced_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stage_history
    VALUES (OLD.account_id, OLD.order_id, OLD.upstream_rev, OLD.trace, OLD.emitted_at, OLD.committed_at, OLD.stage,
            OLD.since, OLD.placed_at, OLD.charged_minor, OLD.currency, OLD.conditions);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_replaced AFTER UPDATE ON order_stage FOR EACH ROW
    WHEN ((OLD.stage, OLD.since, OLD.charged_minor, OLD.placed_at, OLD.conditions)
          IS DISTINCT FROM (NEW.stage, NEW.since, NEW.charged_minor, NEW.placed_at, NEW.conditions)) EXECUTE FUNCTION keep_replaced_stage();

-- The stages, for the lists' groups, and what can still be held back when the marketplace cancels an order there.  A stage that is not here is kept and shown all the same.
CREATE TABLE stage (
    stage       text    PRIMARY KEY,
    stage_group text    NOT NULL CHECK (stage_group IN ('drafts', 'to-process', 'shipped', 'ended', 'deleted')),
    position    integer NOT NULL UNIQUE,
    can_stop    text    CHECK (can_stop IN ('PURCHASE', 'PACKING', 'PARCEL'))  -- NULL: nothing
);
INSERT INTO stage VALUES
    ('UNSYNC', 'drafts', 1, NULL), ('NOT_READY', 'drafts', 2, NULL),
    ('TO_PURCHASE', 'to-process', 3, 'PURCHASE'), ('PURCHASED', 'to-process', 4, 'PACKING'),
    ('AWAITING_SHIPMENT', 'to-process', 5, 'PACKING'), ('CONFIRMED', 'to-process', 6, 'PACKING'),
    ('PACKING', 'to-process', 7, 'PACKING'), ('PACKED', 'to-process', 8, 'PARCEL'),
    ('AWAITING_PICKUP', 'to-process', 9, 'PARCEL'),
    ('IN_TRANSIT', 'shipped', 10, NULL), ('DONE', 'shipped', 11, NULL),
    ('CANCELLING', 'ended', 12, 'PARCEL'), ('CANCELLED', 'ended', 13, NULL), ('RETURNING', 'ended', 14, NULL),
    ('RETURNED', 'ended', 15, NULL), ('ELSEWHERE', 'ended', 16, NULL), ('DELETED', 'deleted', 17, NULL);

-- Channel status to hub status.  Account 0 holds the defaults; an account's own row wins.
CREATE TABLE status_rule (
    account_id     bigint  NOT NULL,
    channel_status text    NOT NULL,
    cause          text    NOT NULL DEFAULT '',
    hub_status     text    NOT NULL,
    status_group   text    NOT NULL CHECK (status_group IN ('NEW', 'PROCESSING', 'PACKING', 'DELIVERING', 'COMPLETED',
                                                            'CANCELLED', 'RETURNING', 'UNKNOWN')),
    tab            text    NOT NULL CHECK (tab IN ('UNPAID', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED', '')),
    legacy_code    integer,
    PRIMARY KEY (account_id, channel_status, cause)
);
INSERT INTO status_rule VALUES
    (0, 'UNPAID', '', 'NEW', 'NEW', 'UNPAID', 100),
    (0, 'ON_HOLD', '', 'ON_HOLD', 'NEW', 'TO_SHIP', 105),
    (0, 'AWAITING_SHIPMENT', '', 'AWAITING_CONFIRMATION', 'PROCESSING', 'TO_SHIP', 111),
    (0, 'PARTIALLY_SHIPPING', '', 'PARTLY_CONFIRMED', 'PROCESSING', 'TO_SHIP', 114),
    (0, 'AWAITING_COLLECTION', '', 'CONFIRMED', 'PACKING', 'TO_SHIP', 112),
    (0, 'IN_TRANSIT', '', 'IN_TRANSIT', 'DELIVERING', 'SHIPPED', 121),
    (0, 'DELIVERED', '', 'SUCCESS', 'DELIVERING', 'SHIPPED', 122),
    (0, 'COMPLETED', '', 'SUCCESS', 'COMPLETED', 'COMPLETED', 130),
    (0, 'CANCELLED', '', 'CANCELLED', 'CANCELLED', 'CANCELLED', 140),
    (0, 'CANCELLED', 'COLLECTED', 'RETURNING', 'RETURNING', 'CANCELLED', 140),
    (0, 'CANCELLED', 'SELLER', 'CANCELLED', 'CANCELLED', 'CANCELLED', 140),
    (0, 'CANCELLED', 'BUYER', 'CUSTOMER_CANCELLED', 'CANCELLED', 'CANCELLED', 140),
    (0, 'CANCELLED', 'SYSTEM', 'SYSTEM_CANCELLED', 'CANCELLED', 'CANCELLED', 140);

-- What changed lately, for live screens: a row for each batch and account, kept two minutes.  Readers ask for what was
-- committed since a transaction number, so a late commit is not passed over.
CREATE TABLE change_log (
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    account_id bigint      NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    total      integer     NOT NULL,
    ids        text[]                  -- null: more than 200
);
CREATE INDEX change_log_xid ON change_log (xid);
CREATE TYPE change_log_row AS (account_id bigint, total integer, ids text[]);
