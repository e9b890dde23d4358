-- What the marketplace settled, beside what the orders let expect.

CREATE TABLE settlement (
    account_id      bigint      NOT NULL,
    settlement_key  text        COLLATE "C" NOT NULL CHECK (length(settlement_key) BETWEEN 1 AND 96),
    upstream_rev    bigint      NOT NULL,  -- of channel.settlement
    trace           uuid        NOT NULL,
    accepted_at     timestamptz NOT NULL,
    shop_id         bigint      NOT NULL,
    statement_id    text        NOT NULL,
    subject         text        COLLATE "C" NOT NULL,  -- the order it is for, else itself: what is settled together
    order_id        text        COLLATE "C" NOT NULL,  -- '': none
    kind            text        NOT NULL,
    settled_at      timestamptz NOT NULL,
    currency        text        NOT NULL,
    settled_minor   bigint      NOT NULL,
    sale_minor      bigint      NOT NULL,  -- what the goods brought, as the marketplace says
    explained_minor bigint      NOT NULL,  -- by refunds, fees, shipping, taxes, adjustments
    reserve_minor   bigint      NOT NULL,
    reserve_state   text        NOT NULL,
    release_at      timestamptz,
    lines           jsonb       NOT NULL,  -- what explains: [{"part", "name", "minor"}]
    PRIMARY KEY (account_id, settlement_key)
);
CREATE INDEX settlement_latest ON settlement (account_id, settled_at, settlement_key);
CREATE INDEX settlement_subject ON settlement (account_id, subject, settled_at, settlement_key);
CREATE INDEX settlement_statement ON settlement (account_id, shop_id, statement_id);
CREATE TYPE settlement_row AS (
    account_id bigint, settlement_key text, upstream_rev bigint, trace uuid, shop_id bigint, statement_id text,
    subject text, order_id text, kind text, settled_at timestamptz, currency text, settled_minor bigint,
    sale_minor bigint, explained_minor bigint, reserve_minor bigint, reserve_state text, release_at timestamptz,
    lines text
);

CREATE TABLE statement (
    account_id    bigint      NOT NULL,
    statement_key text        COLLATE "C" NOT NULL,
    upstream_rev  bigint      NOT NULL,  -- of channel.statement
    shop_id       bigint      NOT NULL,
    statement_id  text        NOT NULL,
    cut_at        timestamptz NOT NULL,
    currency      text        NOT NULL,
    settled_minor bigint      NOT NULL,
    transactions  bigint      NOT NULL,
    payment_id    text        NOT NULL,
    payment_state text        NOT NULL,
    paid_at       timestamptz,
    PRIMARY KEY (account_id, statement_key)
);
CREATE INDEX statement_latest ON statement (account_id, cut_at);
CREATE TYPE statement_row AS (
    account_id bigint, statement_key text, upstream_rev bigint, shop_id bigint, statement_id text, cut_at timestamptz,
    currency text, settled_minor bigint, transactions bigint, payment_id text, payment_state text, paid_at timestamptz
);

-- What an order's goods should bring: the buyer's price and the marketplace's part of the discount, less what was
-- cancelled.  Everything else that is settled for it has a line that says why.
CREATE FUNCTION order_expected(o orders) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(0, o.subtotal_minor + o.platform_discount_minor - coalesce(
        (SELECT sum(r.goods_minor) FROM order_return r JOIN return_rule USING (channel_status)
         WHERE r.account_id = o.account_id AND r.order_id = o.order_id AND r.is_cancellation
           AND return_rule.state IN ('ACCEPTED', 'DONE')), 0))::bigint $$;

-- Each order with all that was settled for it, at its first transaction; and what is for no order.
CREATE VIEW settlement_seen AS
    SELECT f.account_id, f.settlement_key, f.settled_at, f.shop_id, f.statement_id, f.subject, f.order_id, f.kind, f.currency,
           f.reserve_minor, f.reserve_state, f.release_at, t.settled_minor, t.explained_minor, t.transactions,
           o.is_cod, o.channel_status, e.expected_minor,
           t.settled_minor - t.explained_minor - e.expected_minor AS unexplained_minor,
           CASE WHEN f.kind = 'RESERVE' THEN 'RESERVE'
                WHEN f.order_id = '' THEN 'NO_ORDER'
                WHEN o.order_id IS NULL THEN 'UNKNOWN_ORDER'
                WHEN NOT t.one_currency OR o.currency <> f.currency THEN 'OTHER_CURRENCY'
                WHEN t.settled_minor - t.explained_minor <> e.expected_minor THEN 'UNEXPLAINED'
                ELSE 'MATCHED' END AS state
    FROM settlement f
    CROSS JOIN LATERAL (SELECT sum(settled_minor)::bigint AS settled_minor, sum(explained_minor)::bigint AS explained_minor,
                               sum(sale_minor)::bigint AS sale_minor, count(*) AS transactions, bool_or(kind = 'ORDER') AS sold,
                               bool_and(currency = f.currency) AS one_currency
                        FROM settlement s WHERE s.account_id = f.account_id AND s.subject = f.subject) t
    LEFT JOIN orders o ON o.account_id = f.account_id AND o.order_id = f.order_id AND f.order_id <> ''
    CROSS JOIN LATERAL (SELECT CASE WHEN f.kind = 'RESERVE' THEN t.settled_minor
                                    WHEN o.order_id IS NULL OR o.currency <> f.currency THEN t.sale_minor
                                    WHEN t.sold THEN order_expected(o) ELSE 0 END AS expected_minor) e
    WHERE NOT EXISTS (SELECT FROM settlement b WHERE b.account_id = f.account_id AND b.subject = f.subject
                      AND (b.settled_at, b.settlement_key) < (f.settled_at, f.settlement_key));

-- Orders that should be settled and are not.  What is paid on delivery is only owed once the order is completed.
CREATE VIEW order_unsettled AS
    SELECT o.account_id, o.order_id, o.shop_id, o.updated_at, o.currency, o.is_cod, o.channel_status,
           order_expected(o) AS expected_minor
    FROM orders o
    WHERE (o.channel_status = 'COMPLETED' OR (o.channel_status = 'DELIVERED' AND NOT o.is_cod)) AND NOT o.is_sample
      AND NOT EXISTS (SELECT FROM settlement s WHERE s.account_id = o.account_id AND s.subject = o.order_id
                      AND s.kind = 'ORDER');

-- The lines that explain, by name.
CREATE FUNCTION settlement_lines(account bigint, of_subject text, currency text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('part', part, 'name', name, 'amount', money(minor, currency))
                              ORDER BY part, name), '[]')
    FROM (SELECT l->>'part' AS part, l->>'name' AS name, sum((l->>'minor')::bigint)::bigint AS minor
          FROM settlement s, jsonb_array_elements(s.lines) l
          WHERE s.account_id = account AND s.subject = of_subject GROUP BY 1, 2) named $$;

-- What was settled in a time, by currency over all shops (0) or one.  What is kept back is no income, and what was settled in
-- several currencies has no sum: both are left out.  For the rest, expected + parts + unexplained = settled.
CREATE FUNCTION settlement_totals(account bigint, shop bigint, from_at timestamptz, until_at timestamptz)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH seen AS MATERIALIZED (
        SELECT * FROM settlement_seen WHERE account_id = account AND (shop = 0 OR shop_id = shop)
            AND settled_at >= from_at AND settled_at < until_at AND state NOT IN ('RESERVE', 'OTHER_CURRENCY')),
    paid AS (
        SELECT currency, sum(expected_minor)::bigint AS expected, sum(settled_minor)::bigint AS settled,
               sum(unexplained_minor)::bigint AS unexplained, count(*) FILTER (WHERE order_id <> '') AS orders,
               count(*) FILTER (WHERE state IN ('UNKNOWN_ORDER', 'NO_ORDER')) AS strays,
               (sum(settled_minor) FILTER (WHERE state IN ('UNKNOWN_ORDER', 'NO_ORDER')))::bigint AS strayed
        FROM seen GROUP BY currency),
    waiting AS (
        SELECT currency, count(*) AS orders, sum(expected_minor)::bigint AS expected
        FROM order_unsettled WHERE account_id = account AND (shop = 0 OR shop_id = shop)
            AND updated_at >= from_at AND updated_at < until_at GROUP BY currency),
    parts AS (
        SELECT currency, jsonb_object_agg(part, money(minor, currency)) AS sums
        FROM (SELECT seen.currency, l->>'part' AS part, sum((l->>'minor')::bigint)::bigint AS minor
              FROM seen JOIN settlement s USING (account_id, subject), jsonb_array_elements(s.lines) l GROUP BY 1, 2) p
        GROUP BY currency)
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'currency', currency, 'orders', coalesce(p.orders, 0), 'expected', money(coalesce(p.expected, 0), currency),
        'parts', coalesce(parts.sums, '{}'), 'unexplained', money(coalesce(p.unexplained, 0), currency),
        'settled', money(coalesce(p.settled, 0), currency),
        'unmatched_payouts', jsonb_build_object('count', coalesce(p.strays, 0),
                                                'settled', money(coalesce(p.strayed, 0), currency)),
        'unmatched_orders', jsonb_build_object('count', coalesce(w.orders, 0),
                                               'expected', money(coalesce(w.expected, 0), currency)))
        ORDER BY currency), '[]')
    FROM paid p FULL JOIN waiting w USING (currency) LEFT JOIN parts USING (currency) $$;

CREATE VIEW settlement_item AS
    SELECT account_id, settlement_key, settled_at, shop_id, state, jsonb_build_object(
        'id', settlement_key, 'shop_id', shop_id::text, 'statement_id', statement_id, 'order_id', nullif(order_id, ''),
        'channel_order_id', nullif(substr(order_id, strpos(order_id, '-') + 1), ''), 'kind', kind, 'state', state,
        'is_cod', is_cod, 'settled_at', rfc3339(settled_at), 'transactions', transactions,
        'expected', money(expected_minor, currency), 'settled', money(settled_minor, currency),
        'unexplained', money(unexplained_minor, currency), 'reserve', money(reserve_minor, currency),
        'reserve_state', nullif(reserve_state, ''), 'release_at', rfc3339(release_at)) AS item,
        subject, currency
    FROM settlement_seen;

-- A field of a CSV file; what a sheet would take for a formula is not one.
CREATE FUNCTION csv_field(field text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '"' || CASE WHEN field ~ '^[-=+@\t\r]' THEN '''' ELSE '' END || replace(coalesce(field, ''), '"', '""') || '"';

-- All that was said of an order and changed something here.  From the marketplace's change to the connector's telling is
-- a hop too: that the connector keeps no trace of it costs it nothing.  The marketplace tells whole seconds, by a clock of
-- its own.  When returns, settlements and answers were said is not kept.
DROP VIEW order_hop;
CREATE VIEW order_hop AS
    WITH told AS NOT MATERIALIZED (
        SELECT account_id, order_id, trace, updated_at, emitted_at, changed_at AS at FROM orders
        UNION ALL SELECT account_id, order_id, trace, updated_at, emitted_at, at FROM order_history),
    unsaid AS NOT MATERIALIZED (
        SELECT account_id, order_id, 'channel.return' AS fact, trace, changed_at AS at FROM order_return
        UNION ALL SELECT r.account_id, r.order_id, 'channel.return', h.trace, h.at
                  FROM order_return r JOIN order_return_history h USING (account_id, return_key)
        UNION ALL SELECT account_id, order_id, 'action.progressed', trace, progressed_at FROM order_action
                  WHERE progressed_at IS NOT NULL
        UNION ALL SELECT account_id, subject, 'channel.settlement', trace, accepted_at FROM settlement)
    SELECT account_id, order_id, 'connector' AS service, 'marketplace' AS fact, trace,
           least(updated_at, emitted_at) AS emitted_at, emitted_at AS committed_at FROM told
    UNION ALL SELECT account_id, order_id, NULL, 'channel.order', trace, emitted_at, at FROM told
    UNION ALL SELECT account_id, order_id, NULL, 'order.staged', trace, emitted_at, committed_at FROM order_stage
    UNION ALL SELECT account_id, order_id, NULL, 'order.staged', trace, emitted_at, committed_at FROM stage_history
    UNION ALL SELECT account_id, order_id, NULL, fact, trace, NULL, at FROM unsaid;
