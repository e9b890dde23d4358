-- What people see of a shop.

CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;

CREATE VIEW shop_document AS
SELECT s.account_id, s.shop_id, s.state, s.connected_at,
       jsonb_build_object(
           'id', s.shop_id::text,
           'channel', s.channel,
           'channel_shop_id', s.channel_shop_id,
           'name', s.name,
           'alias', s.alias,
           'region', s.region,
           'state', s.state,
           'connected_at', rfc3339(s.connected_at),
           'grant_ends_at', rfc3339(g.ends_at),
           'grant_problem', g.problem,
           'seller', g.seller_name,
           -- Nobody but the seller can mend it: the grant ended, was refused, or was taken back.
           'needs_consent', CASE WHEN s.state = 'DISCONNECTED' THEN coalesce((SELECT e.event = 'taken-back'
                                FROM shop_event e WHERE e.account_id = s.account_id AND e.shop_id = s.shop_id
                                AND e.event IN ('connected', 'agreed-again', 'disconnected', 'taken-back')
                                ORDER BY e.event_id DESC LIMIT 1), false)
                            ELSE g.state <> 'LIVE' OR g.ends_at <= now() END,
           'pull_on', s.pull_on,
           'reserve_unpaid', s.reserve_unpaid,
           'warehouse_id', nullif(s.warehouse_id, 0)::text,
           'orders_seen', coalesce(c.orders, 0),
           'listings', coalesce(c.listings, 0),
           'last_pull_at', rfc3339(o.done_at),
           -- FRESH only on a pull that came to its end lately.
           'freshness', CASE WHEN s.state IN ('EXPIRED', 'DISCONNECTED') THEN 'STOPPED'
                             WHEN NOT s.pull_on THEN 'OFF'
                             WHEN o.done_at > now() - interval '10 minutes' THEN 'FRESH' ELSE 'STALE' END,
           'pull_problem', o.problem,
           'orders_from', rfc3339(s.orders_from),
           'last_webhook_at', rfc3339(c.webhook_at),
           'webhook_delay_ms', c.webhook_delay_ms,
           'push_delay_ms', c.push_delay_ms,
           'pushed_at', rfc3339(c.pushed_at),
           'drifts', coalesce(c.drifts, 0),
           'drift_at', rfc3339(c.drift_at),
           'delay_ms', c.delay_ms,
           'delay_at', rfc3339(c.delay_at),
           'pending_fetches', (SELECT count(*) FROM order_fetch f
                               WHERE f.account_id = s.account_id AND f.shop_id = s.shop_id),
           'pending_stock', (SELECT count(*) FROM channel_stock k WHERE k.account_id = s.account_id
                             AND k.shop_id = s.shop_id AND k.done < k.wanted),
           'stock_told', EXISTS (SELECT FROM channel_stock k WHERE k.account_id = s.account_id
                                 AND k.shop_id = s.shop_id AND k.pushed_at IS NOT NULL),
           'progress', (SELECT jsonb_build_object('run_id', r.run_id::text, 'orders_seen', r.seen,
                                                  'orders_total', r.total, 'finished', r.finished,
                            'percent', CASE WHEN r.finished THEN 100 WHEN r.total = 0 THEN 0
                                            ELSE least(99, r.seen * 100 / r.total) END,
                            'ends_at', CASE WHEN NOT r.finished AND r.seen BETWEEN 1 AND r.total - 1
                                THEN rfc3339(now() + (now() - r.opened_at) * ((r.total - r.seen)::numeric / r.seen)) END)
                        FROM pull r WHERE r.account_id = s.account_id AND r.shop_id = s.shop_id
                        AND r.kind = 'run' ORDER BY r.finished, r.due DESC LIMIT 1)) AS document
FROM shop s
LEFT JOIN seller_grant g ON g.account_id = s.account_id AND g.grant_id = s.grant_id
LEFT JOIN shop_count c ON c.account_id = s.account_id AND c.shop_id = s.shop_id
LEFT JOIN pull o ON o.account_id = s.account_id AND o.shop_id = s.shop_id AND o.kind = 'orders';
