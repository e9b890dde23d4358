-- How many orders there are of each kind, without counting them.

-- How many orders a shop has with each channel status and with each stage: these rows and what is still in
-- order_count_change.  Writers only add rows there, one for each key of a batch, so they never wait for each other; a job
-- folds them into these (docs/decisions/0011-counts-by-difference.md).
CREATE TABLE order_count (
    account_id bigint NOT NULL,
    shop_id    bigint NOT NULL,
    axis       text   NOT NULL CHECK (axis IN ('status', 'stage')),
    word       text   NOT NULL,             -- channel status or stage
    cause      text   NOT NULL,             -- of the status; '' for a stage
    orders     bigint NOT NULL,
    PRIMARY KEY (account_id, shop_id, axis, word, cause)
) WITH (fillfactor = 50);
CREATE TABLE order_count_change (
    account_id bigint NOT NULL,
    shop_id    bigint NOT NULL,
    axis       text   NOT NULL,
    word       text   NOT NULL,
    cause      text   NOT NULL,
    orders     bigint NOT NULL
);
CREATE TYPE order_count_row AS (account_id bigint, shop_id bigint, axis text, word text, cause text, orders bigint);

CREATE VIEW order_number AS
    SELECT * FROM order_count UNION ALL SELECT * FROM order_count_change;

-- The pairs of channel status and cause that an account's table shows as one of these; '{}': any.  What no rule names is
-- UNKNOWN.
CREATE FUNCTION statuses_shown_as(account bigint, hubs text[], groups text[], tabs text[])
RETURNS TABLE (channel_status text, cause text) LANGUAGE sql STABLE AS $$
    SELECT k.channel_status, k.cause
    FROM (SELECT t.channel_status, t.cause FROM status_table(account) t
          UNION SELECT n.word, n.cause FROM order_number n WHERE n.account_id = account AND n.axis = 'status') k
    LEFT JOIN status_table(account) t USING (channel_status, cause)
    WHERE (hubs = '{}' OR coalesce(t.hub_status, 'UNKNOWN') = ANY (hubs))
      AND (groups = '{}' OR coalesce(t.status_group, 'UNKNOWN') = ANY (groups))
      AND (tabs = '{}' OR t.tab = ANY (tabs)) $$;

-- Each word is an id of an order, or its beginning: a range of the primary key for each shop ('~' sorts behind every
-- character of an id); or a carrier's number, or its beginning.  Of a beginning that many share, the newest ids.
CREATE FUNCTION orders_called(account bigint, words text[]) RETURNS TABLE (word text, order_id text) LANGUAGE sql STABLE AS $$
    SELECT w, o.order_id FROM unnest(words) w CROSS JOIN shop s CROSS JOIN LATERAL (
        SELECT order_id FROM orders WHERE account_id = account AND order_id >= s.shop_id || '-' || w
        AND order_id < s.shop_id || '-' || w || '~' ORDER BY order_id DESC LIMIT 1000) o WHERE s.account_id = account
    UNION
    SELECT w, t.order_id FROM unnest(words) w CROSS JOIN LATERAL (
        SELECT order_id FROM order_tracking WHERE account_id = account AND tracking >= w AND tracking < w || '~'
        ORDER BY tracking DESC LIMIT 1000) t $$;

-- The stages that a list is about: those named, those of a group; for conflicts, when none is named, those where
-- something can be stopped.  Immutable, because the table `stage` never changes, so that the planner sees which they are.
CREATE FUNCTION stages_wanted(named text[], of_group text, in_conflict boolean) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT named || array(SELECT stage FROM stage WHERE stage_group = of_group
        OR (in_conflict AND can_stop IS NOT NULL AND named = '{}' AND of_group = '')) $$;

-- Both are taken apart by the planner: what is not asked for costs nothing.
CREATE FUNCTION is_within(at timestamptz, from_at timestamptz, until_at timestamptz) RETURNS boolean LANGUAGE sql
IMMUTABLE PARALLEL SAFE RETURN (from_at IS NULL OR at >= from_at) AND (until_at IS NULL OR at < until_at);

-- The bits are filters.h's enum order_flag.
CREATE FUNCTION has_flags(flags bigint, is_cod boolean, is_sample boolean, is_replacement boolean,
    fulfilled_by_channel boolean, buyer_wants_cancel boolean, channel_status text, cause text, ship_by timestamptz)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE RETURN
    (flags & 1 = 0 OR is_cod) AND (flags & 2 = 0 OR NOT is_cod) AND (flags & 4 = 0 OR is_sample)
    AND (flags & 8 = 0 OR is_replacement) AND (flags & 16 = 0 OR fulfilled_by_channel)
    AND (flags & 32 = 0 OR NOT fulfilled_by_channel) AND (flags & 64 = 0 OR buyer_wants_cancel)
    AND (flags & 128 = 0 OR channel_status = 'ON_HOLD') AND (flags & 256 = 0 OR is_late(channel_status, ship_by))
    AND (flags & 512 = 0 OR (channel_status = 'CANCELLED' AND cause <> 'COLLECTED'));
