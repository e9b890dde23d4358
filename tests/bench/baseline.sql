-- The baseline: what the same server does with the same order and line rows and nothing else.  Created once; each
-- transaction calls baseline_orders(200).  Nothing reads these tables, so nobody looks after them.
CREATE TABLE baseline_order (
    account_id bigint, order_id text, shop_id bigint, channel_order_id text, status text, hub_status text,
    created_at timestamptz, updated_at timestamptz, paid_at timestamptz, ready_at timestamptz,
    collected_at timestamptz, delivered_at timestamptz, cancelled_at timestamptz, cancel_initiator text,
    cancel_reason text, ship_by timestamptz, is_cod boolean, is_sample boolean, shipping_type text,
    delivery_option_id text, channel_warehouse_id text, currency text, total_minor bigint, subtotal_minor bigint,
    shipping_minor bigint, tax_minor bigint, units integer, rev bigint,
    PRIMARY KEY (account_id, order_id), UNIQUE (account_id, shop_id, channel_order_id)) WITH (autovacuum_enabled = off);
CREATE TABLE baseline_line (
    account_id bigint, order_id text, line integer, sku_id text, product_id text, seller_sku text,
    product_name text, units integer, price_minor bigint, status text,
    PRIMARY KEY (account_id, order_id, line)) WITH (autovacuum_enabled = off);
CREATE SEQUENCE baseline_number CACHE 1000;

CREATE FUNCTION baseline_orders(count integer) RETURNS void LANGUAGE sql AS $$
    WITH made AS MATERIALIZED (
        SELECT nextval('baseline_number') AS n FROM generate_series(1, count)
    ), orders AS (
        INSERT INTO baseline_order
        SELECT 1, '1-5764' || lpad(n::text, 14, '0'), 1, '5764' || lpad(n::text, 14, '0'), 'AWAITING_SHIPMENT',
               'Awaiting confirmation', now() - interval '1 minute', now(), now(), NULL, NULL, NULL, NULL, '', '',
               now() + interval '2 days', false, false, 'TIKTOK', '7091000000000000001', '7068000000000000001',
               'USD', 1290, 1000, 290, 0, 3, 1 FROM made
    )
    INSERT INTO baseline_line
    SELECT 1, '1-5764' || lpad(n::text, 14, '0'), line, '1730' || lpad((n * line % 10000)::text, 15, '0'),
           '1729' || lpad((n % 100)::text, 15, '0'), 'SKU-' || lpad((n * line % 10000)::text, 5, '0'),
           'White hanging heart t-light holder', 1, 255, 'AWAITING_SHIPMENT'
    FROM made, generate_series(1, ('{1,1,1,2,2,2,3,3,4,4}'::int[])[1 + (hashint8(n) & 2147483647) % 10]) AS line
$$;
