-- How people see orders: the documents that lists and the order page are made of.

-- "2026-11-21T22:30:00Z"
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- "<microseconds>.<key>": where a page ended.
CREATE FUNCTION cursor_of(at timestamptz, key text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (extract(epoch FROM at) * 1000000)::bigint || '.' || key;

CREATE FUNCTION money(minor bigint, currency text) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN jsonb_build_object('amount', minor::text, 'currency', currency);

-- The status table of an account: the defaults, and its own rows over them.
CREATE FUNCTION status_table(account bigint) RETURNS SETOF status_rule LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT DISTINCT ON (channel_status, cause) * FROM status_rule WHERE account_id IN (0, account)
    ORDER BY channel_status, cause, account_id DESC $$;

-- Still ours to ship, and the marketplace's deadline has passed.
CREATE FUNCTION is_late(channel_status text, ship_by timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN channel_status IN ('UNPAID', 'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING') AND ship_by < now();

-- The marketplace cancelled what we placed, before it was collected.
CREATE FUNCTION is_conflict(channel_status text, cause text, its_stage text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN channel_status = 'CANCELLED' AND cause <> 'COLLECTED'
           AND its_stage IN (SELECT stage FROM stage WHERE can_stop IS NOT NULL);

-- What is special about an order, in the words that lists filter by.
CREATE FUNCTION order_flags(o orders, s order_stage) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_jsonb(array_remove(ARRAY[
        CASE WHEN o.shop_id = 0 THEN 'MANUAL' END,
        CASE WHEN o.is_cod THEN 'COD' ELSE 'PREPAID' END,
        CASE WHEN o.is_sample THEN 'SAMPLE' END,
        CASE WHEN o.is_replacement THEN 'REPLACEMENT' END,
        CASE WHEN o.fulfilled_by_channel THEN 'BY_CHANNEL' END,
        CASE WHEN o.channel_status = 'ON_HOLD' THEN 'ON_HOLD' END,
        CASE WHEN o.buyer_wants_cancel THEN 'CANCEL_WANTED' END,
        CASE WHEN is_late(o.channel_status, o.ship_by) THEN 'LATE' END,
        CASE WHEN is_conflict(o.channel_status, o.cause, s.stage) THEN 'CONFLICT' END,
        CASE WHEN json_array_length(o.packages::json) > 1 THEN 'SPLIT' END], NULL)) $$;

-- What an unpaid order and one that the buyer may still take back wait for.
CREATE FUNCTION order_clock(o orders) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE o.channel_status
        WHEN 'UNPAID' THEN jsonb_build_object(
            'remind_at', jsonb_build_array(rfc3339(o.created_at + interval '15 minutes'),
                                           rfc3339(o.created_at + interval '16 hours')),
            'cancel_at', rfc3339(o.created_at + interval '48 hours'))
        WHEN 'ON_HOLD' THEN jsonb_build_object('hold_until', rfc3339(coalesce(o.paid_at, o.created_at) + interval '1 hour'))
        END;

-- An order in a list.  Hub status is never stored: the account's own rule, else the default, else unknown.
CREATE FUNCTION order_document(o orders, s order_stage) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', o.order_id, 'channel_order_id', substr(o.order_id, strpos(o.order_id, '-') + 1),
        'shop_id', o.shop_id::text, 'channel_status', o.channel_status,
        'hub_status', coalesce(h.hub_status, 'UNKNOWN'), 'status_group', coalesce(h.status_group, 'UNKNOWN'),
        'tab', h.tab, 'stage', s.stage, 'stage_since', rfc3339(s.since), 'open_conditions', coalesce(s.conditions, '[]'),
        'created_at', rfc3339(o.created_at), 'updated_at', rfc3339(o.updated_at), 'ship_by', rfc3339(o.ship_by),
        'total', money(o.total_minor, o.currency), 'units', o.units, 'lines', o.line_count,
        'flags', order_flags(o, s), 'clock', order_clock(o),
        'can_stop', CASE WHEN o.channel_status = 'CANCELLED' OR o.buyer_wants_cancel
                         THEN (SELECT can_stop FROM stage WHERE stage.stage = s.stage) END)
    FROM (SELECT) nothing LEFT JOIN LATERAL (
        SELECT * FROM status_rule r WHERE r.account_id IN (0, o.account_id) AND r.channel_status = o.channel_status
        AND r.cause = o.cause ORDER BY r.account_id DESC LIMIT 1) h ON true $$;

-- Units of a line that stand otherwise than its first; NULL for a line without any.
CREATE FUNCTION units_apart(apart jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'units', u->'u', 'status', u->'st', 'package_id', u->'k', 'unit_ids', coalesce(u->'i', '[]'))) ORDER BY n)
    FROM jsonb_array_elements(apart) WITH ORDINALITY x(u, n) $$;

-- The lines of an order; their names as document.c writes them.
CREATE FUNCTION order_lines(o orders) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'line', l->'n', 'product_id', l->'p', 'sku_id', l->'s', 'seller_sku', l->'c',
        'product_name', l->'t', 'sku_name', l->'v', 'units', l->'u', 'is_gift', l->'g',
        'price', money((l->>'m')::bigint, o.currency), 'status', coalesce(l->>'st', o.channel_status),
        'package_id', l->'k', 'unit_ids', coalesce(l->'i', '[]'), 'apart', units_apart(l->'a'))) ORDER BY n), '[]')
    FROM jsonb_array_elements(o.lines::jsonb) WITH ORDINALITY x(l, n) $$;

CREATE VIEW order_line_seen AS
    SELECT o.account_id, o.order_id, l.n, l.line FROM orders o, jsonb_array_elements(order_lines(o)) WITH ORDINALITY l(line, n);

-- Which units go in which package: those of a line together, and those that stand apart.
CREATE FUNCTION packed_units(lines jsonb) RETURNS TABLE (package_id text, line bigint, units bigint)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT l->>'k', (l->>'n')::bigint, (l->>'u')::bigint - coalesce((SELECT sum((a->>'u')::bigint)
        FROM jsonb_array_elements(l->'a') a), 0) FROM jsonb_array_elements(lines) l WHERE l ? 'k'
    UNION ALL
    SELECT a->>'k', (l->>'n')::bigint, (a->>'u')::bigint
    FROM jsonb_array_elements(lines) l, jsonb_array_elements(l->'a') a WHERE a ? 'k' $$;

-- The packages of an order: what is in each, and which other orders go in the same one.
CREATE FUNCTION order_packages(o orders) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(p || jsonb_build_object(
        'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', u.line, 'units', u.units) ORDER BY u.line), '[]')
                  FROM packed_units(o.lines::jsonb) u WHERE u.package_id = p->>'package_id'),
        'with_orders', (SELECT coalesce(jsonb_agg(t.order_id ORDER BY t.order_id), '[]') FROM order_tracking t
                        WHERE t.account_id = o.account_id AND t.tracking = p->>'tracking'
                          AND t.order_id <> o.order_id)) ORDER BY n), '[]')
    FROM jsonb_array_elements(o.packages::jsonb) WITH ORDINALITY x(p, n) $$;

-- An order on its own page.
CREATE FUNCTION order_details(o orders, s order_stage) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN order_document(o, s) || jsonb_build_object(
        'paid_at', rfc3339(o.paid_at), 'ready_at', rfc3339(o.ready_at), 'collected_at', rfc3339(o.collected_at),
        'delivered_at', rfc3339(o.delivered_at), 'cancelled_at', rfc3339(o.cancelled_at),
        'cancel_initiator', o.cancel_initiator, 'cancel_reason', o.cancel_reason, 'is_cod', o.is_cod,
        'buyer_wants_cancel', o.buyer_wants_cancel, 'buyer_note', o.buyer_note, 'placed_at', rfc3339(s.placed_at),
        'charged', CASE WHEN s.charged_minor > 0 THEN money(s.charged_minor, s.currency) END,
        'shipping', money(o.shipping_minor, o.currency), 'lines', order_lines(o), 'packages', order_packages(o));

-- Every accepted change of an order: what it says now, and what it said before.
CREATE VIEW order_past AS
    SELECT account_id, order_id, upstream_rev, changed_at AS at, updated_at, channel_status, cause, trace FROM orders
    UNION ALL
    SELECT account_id, order_id, upstream_rev, at, updated_at, channel_status, cause, trace FROM order_history;

CREATE VIEW stage_past AS
    SELECT account_id, order_id, upstream_rev, trace, committed_at, stage, since FROM order_stage
    UNION ALL
    SELECT account_id, order_id, upstream_rev, trace, committed_at, stage, since FROM stage_history;

-- On which way a change came here: the connector says it in the first byte of the trace (accept.h).
CREATE FUNCTION order_source(trace uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce((ARRAY['webhook', 'pull', 'sweep', 'backfill', 'manual', 'fetch'])[get_byte(uuid_send(trace), 0)], 'channel');

-- Who deleted the order and why, as it was at a moment; NULL: it was not deleted.
CREATE FUNCTION deletion_at(account bigint, id text, moment timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN deleted THEN jsonb_build_object('at', rfc3339(at), 'user', user_name, 'reason', nullif(reason, '')) END
    FROM order_deletion WHERE account_id = account AND order_id = id AND at <= moment ORDER BY rev DESC LIMIT 1 $$;

-- What an order says comes from the marketplace, or from the person who made it by hand; its stage from placement.
CREATE VIEW order_event AS
    SELECT account_id, order_id, at, upstream_rev, jsonb_build_object(
        'at', rfc3339(updated_at), 'accepted_at', rfc3339(at), 'status', channel_status,
        'source', CASE WHEN e.user_name IS NULL THEN order_source(trace) ELSE 'person' END, 'user', e.user_name,
        'detail', nullif(cause, ''), 'trace_id', replace(trace::text, '-', '')) AS event
    FROM order_past LEFT JOIN manual_edit e USING (account_id, order_id, upstream_rev)
    UNION ALL
    SELECT account_id, order_id, committed_at, upstream_rev, jsonb_build_object(
        'at', rfc3339(since), 'accepted_at', rfc3339(committed_at), 'stage', stage, 'source', 'hub',
        'trace_id', replace(trace::text, '-', ''))
    FROM stage_past;

-- The order as this book had it at a moment; no row before it came.
CREATE FUNCTION order_at(account bigint, id text, moment timestamptz) RETURNS SETOF orders LANGUAGE sql STABLE AS $$
    SELECT o.* FROM orders o WHERE o.account_id = account AND o.order_id = id AND o.changed_at <= moment
    UNION ALL
    SELECT h.account_id, h.order_id, h.upstream_rev, o.rev, h.trace, h.emitted_at, h.at, o.first_at, h.at, h.content_hash,
           o.change, o.shop_id, h.created_at, h.updated_at, h.channel_status, h.cause, NULL, NULL, h.paid_at, h.ready_at,
           h.collected_at, h.delivered_at, h.cancelled_at, h.ship_by, h.cancel_initiator, h.cancel_reason, h.is_cod,
           h.is_sample, h.is_replacement, h.fulfilled_by_channel, h.buyer_wants_cancel, h.shipping_type,
           h.delivery_option_id, h.channel_warehouse_id, h.currency, h.total_minor, h.subtotal_minor, h.shipping_minor,
           h.tax_minor, h.seller_discount_minor, h.platform_discount_minor, h.units, h.line_count, h.skus,
           coalesce(f.lines, o.lines), CASE WHEN f.packages IS NULL THEN o.packages ELSE nullif(f.packages, '[]') END,
           CASE WHEN f.buyer_note IS NULL THEN o.buyer_note ELSE nullif(f.buyer_note, '') END, o.deleted
    FROM orders o
    CROSS JOIN LATERAL (SELECT * FROM order_history v WHERE v.account_id = account AND v.order_id = id
        AND v.at <= moment ORDER BY v.upstream_rev DESC LIMIT 1) h
    CROSS JOIN LATERAL (SELECT (array_agg(v.lines ORDER BY v.upstream_rev) FILTER (WHERE v.lines IS NOT NULL))[1] AS lines,
        (array_agg(v.packages ORDER BY v.upstream_rev) FILTER (WHERE v.packages IS NOT NULL))[1] AS packages,
        (array_agg(v.buyer_note ORDER BY v.upstream_rev) FILTER (WHERE v.buyer_note IS NOT NULL))[1] AS buyer_note
        FROM order_history v WHERE v.account_id = account AND v.order_id = id AND v.upstream_rev >= h.upstream_rev) f
    WHERE o.account_id = account AND o.order_id = id AND o.changed_at > moment $$;

CREATE FUNCTION stage_at(account bigint, id text, moment timestamptz) RETURNS SETOF order_stage LANGUAGE sql STABLE AS $$
    SELECT s.* FROM order_stage s WHERE s.account_id = account AND s.order_id = id AND s.committed_at <= moment
    UNION ALL
    (SELECT h.account_id, h.order_id, h.upstream_rev, h.trace, h.emitted_at, h.committed_at, h.stage, NULL, h.since,
            h.placed_at, h.charged_minor, h.currency, h.conditions
     FROM order_stage s JOIN stage_history h USING (account_id, order_id)
     WHERE s.account_id = account AND s.order_id = id AND s.committed_at > moment AND h.committed_at <= moment
     ORDER BY h.upstream_rev DESC LIMIT 1) $$;

-- An import run; with its state, which nothing stores.
CREATE VIEW import_run_item AS
    SELECT account_id, run_id, shop_id, started_at, jsonb_build_object(
        'id', run_id::text, 'shop_id', shop_id::text, 'reason', reason,
        'state', CASE WHEN finished_at IS NOT NULL AND failure IS NOT NULL THEN 'FAILED'
                      WHEN finished_at IS NOT NULL THEN 'FINISHED'
                      WHEN failure_rev > 0 THEN 'RUNNING' ELSE 'REQUESTED' END,
        'from', rfc3339(from_at), 'until', rfc3339(until_at), 'started_at', rfc3339(started_at),
        'finished_at', rfc3339(finished_at), 'orders_seen', orders_seen, 'orders_total', orders_total,
        'failure', failure, 'user', requested_by) AS item
    FROM import_run;

-- What a run made of each order that it saw, worked out from what is stored now (README).  Of several products that
-- are not ready one is named; those that are not even downloaded come first.
CREATE VIEW run_line_result AS
    SELECT l.account_id, l.run_id, l.channel_order_id, o.order_id, o.committed_at, l.asked_at,
           coalesce(d.reason, c.value) AS about,
           CASE WHEN d.reason IS NOT NULL THEN 'FAILED'
                WHEN o.order_id IS NULL THEN 'PENDING'
                WHEN o.deleted THEN 'DELETED'
                WHEN c.code = 'LINE_NOT_DOWNLOADED' THEN 'NOT_DOWNLOADED'
                WHEN c.code = 'LINE_UNMAPPED' THEN 'NOT_MAPPED'
                WHEN o.first_at >= r.started_at THEN 'LOADED'
                WHEN o.changed_at >= r.started_at THEN 'UPDATED'
                WHEN o.committed_at >= r.started_at THEN 'UNCHANGED'
                ELSE 'PENDING' END AS result
    FROM run_line l
    JOIN import_run r ON r.account_id = l.account_id AND r.run_id = l.run_id
    LEFT JOIN orders o ON o.account_id = l.account_id AND o.order_id = l.order_id
    LEFT JOIN order_stage s ON s.account_id = l.account_id AND s.order_id = l.order_id
    LEFT JOIN LATERAL (SELECT e->>'code' AS code, e->>'value' AS value FROM jsonb_array_elements(s.conditions) e
                       WHERE e->>'code' IN ('LINE_NOT_DOWNLOADED', 'LINE_UNMAPPED')
                       ORDER BY e->>'code', (e->>'line')::bigint LIMIT 1) c ON true
    LEFT JOIN LATERAL ((SELECT x.reason FROM dead_letter x
                        WHERE x.type = 'channel.order' AND x.account_id = l.account_id AND x.key = l.order_id
                          AND x.made >= r.started_at AND x.rev > coalesce(o.upstream_rev, 0) ORDER BY x.rev DESC LIMIT 1)
                       UNION ALL
                       SELECT l.problem WHERE l.problem <> '' AND (o.order_id IS NULL OR o.committed_at < l.seen_at)
                       LIMIT 1) d ON true;
