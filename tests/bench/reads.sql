-- A million orders of one account in three shops, as a year leaves them: most of them done, a tenth of them open.
-- Run in the order book's database before `reads`; what it writes is what the service would have written.
\set orders 1000000
\set account 1
\set shops 3

CREATE TEMP TABLE made AS
SELECT n, 1 + n % :shops AS shop_id, 577000000000000000 + n * 7919 AS id,
       timestamptz '2026-11-20' - (:orders - n) * interval '30 seconds' AS created_at,
       CASE WHEN n % 100 < 3 THEN 'UNPAID' WHEN n % 100 < 4 THEN 'ON_HOLD' WHEN n % 100 < 10 THEN 'AWAITING_SHIPMENT'
            WHEN n % 100 < 12 THEN 'AWAITING_COLLECTION' WHEN n % 100 < 20 THEN 'IN_TRANSIT'
            WHEN n % 100 < 28 THEN 'DELIVERED' WHEN n % 100 < 38 THEN 'CANCELLED' ELSE 'COMPLETED' END AS status
FROM generate_series(1, :orders::bigint) n;

-- Three bits for a SKU, as sku_bits.c; which ones does not matter here.
CREATE FUNCTION pg_temp.bits_of(sku bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN
    (1::bigint << (sku * 7 % 61)::int) | (1::bigint << (sku * 31 % 59)::int) | (1::bigint << (sku / 7 % 63)::int);

INSERT INTO orders
SELECT :account, shop_id || '-' || id, 1, 1, '00000000-0000-0000-0000-000000000001', created_at, created_at, created_at,
       created_at, n, 3, shop_id, created_at, created_at + n % 1000 * interval '1 hour', status,
       CASE WHEN status = 'CANCELLED' THEN (ARRAY['BUYER', 'SELLER', 'SYSTEM', 'COLLECTED'])[1 + (n / 100 % 4)::int] ELSE '' END,
       NULL, NULL, created_at, NULL, NULL, NULL, NULL, created_at + interval '2 days', NULL, NULL, n % 3 = 0, n % 1000 = 0, n % 700 = 0,
       n % 50 = 0, n % 900 = 0, 'TIKTOK', '1', '2', 'VND', 357000, 357000, 0, 0, 0, 0, 3, 2, pg_temp.bits_of(n % 5000) | pg_temp.bits_of(n * 31 % 5000),
       format('[{"n":1,"p":"17293%s","s":"17294%s","c":"SKU-%s","t":"Áo thun cổ tròn nam nữ, vải dày dặn, nhiều màu","v":"Blue, M","u":2,"m":129000,"i":["5783%s","5784%s"]},{"n":2,"p":"17295%s","s":"17296%s","c":"SKU-%s","t":"Cốc sứ in hình theo yêu cầu, 350 ml","u":1,"m":99000,"i":["5785%s"]}]',
              n % 5000, n % 5000, n % 5000, n, n, n * 31 % 5000, n * 31 % 5000, n * 31 % 5000, n),
       CASE WHEN status IN ('IN_TRANSIT', 'DELIVERED', 'COMPLETED')
            THEN format('[{"package_id":"11%s","tracking":"SPX%s","carrier":"SPX"}]', n, n) END, NULL
FROM made;

INSERT INTO order_stage
SELECT :account, shop_id || '-' || id, 1, '00000000-0000-0000-0000-000000000001', created_at, created_at,
       CASE status WHEN 'UNPAID' THEN 'NOT_READY' WHEN 'ON_HOLD' THEN 'NOT_READY'
            WHEN 'AWAITING_SHIPMENT' THEN (ARRAY['UNSYNC', 'NOT_READY', 'AWAITING_SHIPMENT', 'CONFIRMED'])[1 + (n / 100 % 4)::int]
            WHEN 'AWAITING_COLLECTION' THEN 'PACKED' WHEN 'IN_TRANSIT' THEN 'IN_TRANSIT' WHEN 'CANCELLED' THEN 'CANCELLED'
            ELSE 'DONE' END, NULL,
       created_at + interval '1 minute', NULL, 0, 'VND', NULL
FROM made;
DROP TABLE made;
INSERT INTO order_tracking SELECT account_id, 'SPX' || content_hash, order_id FROM orders WHERE packages IS NOT NULL;
INSERT INTO order_count
SELECT account_id, shop_id, 'status', channel_status, cause, count(*) FROM orders GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT s.account_id, shop_id, 'stage', stage, '', count(*) FROM order_stage s JOIN orders USING (account_id, order_id)
GROUP BY 1, 2, 3, 4, 5;
INSERT INTO shop SELECT :account, n, 1, n, 'tiktok', n, 'Shop ' || n, 'VN', 'CONNECTED' FROM generate_series(1, :shops) n
ON CONFLICT DO NOTHING;
-- Tags 1 to 3: one order in a thousand, one in ten, and the five thousand oldest.
INSERT INTO order_tag (account_id, name, colour) SELECT :account, 'Tag ' || n, 'red' FROM generate_series(1, 3) n;
INSERT INTO tagged_order SELECT account_id, order_id, 1 FROM orders WHERE content_hash % 1000 = 0
UNION ALL SELECT account_id, order_id, 2 FROM orders WHERE content_hash % 10 = 0
UNION ALL SELECT account_id, order_id, 3 FROM orders WHERE content_hash <= 5000;
VACUUM (ANALYZE) orders, order_stage, order_tracking, order_count, tagged_order;
