-- How people see orders: the documents that lists and the order page are made of.

-- "2026-11-21T22:30:00Z"
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- "<microseconds>.<key>": where a page ended.
CREATE FUNCTION cursor_of(at timestamptz, key text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (extract(epoch FROM at) * 1000000)::bigint || '.' || key;

CREATE FUNCTION money(minor bigint, currency text) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN jsonb_build_object('amount', minor::text, 'currency', currency);

-- Hub status is never stored: the account's own rule, else the default, else unknown.
CREATE VIEW order_seen AS
    SELECT o.*, s.stage, s.since AS stage_since, s.conditions, coalesce(h.hub_status, 'UNKNOWN') AS hub_status,
           coalesce(h.status_group, 'UNKNOWN') AS status_group
    FROM orders o
    LEFT JOIN order_stage s ON s.account_id = o.account_id AND s.order_id = o.order_id
    LEFT JOIN LATERAL (SELECT r.hub_status, r.status_group FROM status_rule r
                       WHERE r.account_id IN (0, o.account_id) AND r.channel_status = o.channel_status
                         AND r.cause = o.cause
                       ORDER BY r.account_id DESC LIMIT 1) h ON true;

-- An order in a list.
CREATE VIEW order_item AS
    SELECT account_id, order_id, updated_at, jsonb_build_object(
        'id', order_id, 'channel_order_id', substr(order_id, strpos(order_id, '-') + 1), 'shop_id', shop_id::text,
        'channel_status', channel_status, 'hub_status', hub_status, 'status_group', status_group,
        'stage', stage, 'stage_since', rfc3339(stage_since), 'open_conditions', coalesce(conditions, '[]'),
        'created_at', rfc3339(created_at), 'updated_at', rfc3339(updated_at), 'ship_by', rfc3339(ship_by),
        'total', money(total_minor, currency), 'units', units, 'lines', line_count) AS item
    FROM order_seen;

-- Units of a line that stand otherwise than its first; NULL for a line without any.
CREATE FUNCTION units_apart(apart jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'units', u->'u', 'status', u->'st', 'package_id', u->'k', 'unit_ids', coalesce(u->'i', '[]'))) ORDER BY n)
    FROM jsonb_array_elements(apart) WITH ORDINALITY x(u, n) $$;

-- A line of an order; its names as document.c writes them.
CREATE VIEW order_line_seen AS
    SELECT o.account_id, o.order_id, l.n, jsonb_strip_nulls(jsonb_build_object(
        'line', l.line->'n', 'product_id', l.line->'p', 'sku_id', l.line->'s', 'seller_sku', l.line->'c',
        'product_name', l.line->'t', 'sku_name', l.line->'v', 'units', l.line->'u', 'is_gift', l.line->'g',
        'price', money((l.line->>'m')::bigint, o.currency), 'status', coalesce(l.line->>'st', o.channel_status),
        'package_id', l.line->'k', 'unit_ids', coalesce(l.line->'i', '[]'), 'apart', units_apart(l.line->'a'))) AS line
    FROM orders o, jsonb_array_elements(o.lines::jsonb) WITH ORDINALITY l(line, n);

-- Every accepted change of an order: what it says now, and what it said before.
CREATE VIEW order_past AS
    SELECT account_id, order_id, upstream_rev, changed_at AS at, updated_at, channel_status, cause, trace FROM orders
    UNION ALL
    SELECT account_id, order_id, upstream_rev, at, updated_at, channel_status, cause, trace FROM order_history;

-- Only channel.order writes orders: the marketplace is the source of every change.
CREATE VIEW order_event AS
    SELECT account_id, order_id, upstream_rev, jsonb_build_object(
        'at', rfc3339(updated_at), 'accepted_at', rfc3339(at), 'status', channel_status, 'source', 'channel',
        'detail', nullif(cause, ''), 'trace_id', replace(trace::text, '-', '')) AS event
    FROM order_past;

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

-- What a run made of each order that it saw, worked out from what is stored now (README).
CREATE VIEW run_line_result AS
    SELECT l.account_id, l.run_id, l.channel_order_id, o.order_id, o.committed_at, coalesce(d.reason, c.value) AS about,
           CASE WHEN d.reason IS NOT NULL THEN 'FAILED'
                WHEN o.order_id IS NULL THEN 'PENDING'
                WHEN c.code LIKE '%NOT_DOWNLOADED%' THEN 'NOT_DOWNLOADED'
                WHEN c.code LIKE '%UNMAPPED%' THEN 'NOT_MAPPED'
                WHEN o.first_at >= r.started_at THEN 'LOADED'
                WHEN o.changed_at >= r.started_at THEN 'UPDATED'
                WHEN o.committed_at >= r.started_at THEN 'UNCHANGED'
                ELSE 'PENDING' END AS result
    FROM run_line l
    JOIN import_run r ON r.account_id = l.account_id AND r.run_id = l.run_id
    LEFT JOIN orders o ON o.account_id = l.account_id AND o.order_id = l.order_id
    LEFT JOIN order_stage s ON s.account_id = l.account_id AND s.order_id = l.order_id
    LEFT JOIN LATERAL (SELECT e->>'code' AS code, e->>'value' AS value FROM jsonb_array_elements(s.conditions) e
                       WHERE e->>'code' LIKE '%NOT_DOWNLOADED%' OR e->>'code' LIKE '%UNMAPPED%' LIMIT 1) c ON true
    LEFT JOIN LATERAL (SELECT x.reason FROM dead_letter x
                       WHERE x.type = 'channel.order' AND x.account_id = l.account_id AND x.key = l.order_id
                         AND x.made >= r.started_at AND x.rev > coalesce(o.upstream_rev, 0) LIMIT 1) d ON true;
