-- What each listing SKU should show in each of the marketplace's warehouses, and what it shows.

CREATE TABLE channel_stock (
    account_id           bigint      NOT NULL,
    shop_id              bigint      NOT NULL,
    sku_id               text        NOT NULL CHECK (length(sku_id) BETWEEN 1 AND 32),
    channel_warehouse_id text        NOT NULL CHECK (length(channel_warehouse_id) BETWEEN 1 AND 32),
    product_id           text        NOT NULL,
    seen                 bigint,               -- what the listing last showed
    quantity             bigint CHECK (quantity >= 0), -- what it should show; NULL: nobody has said
    upstream_rev         bigint      NOT NULL DEFAULT 0,
    wanted               bigint      NOT NULL DEFAULT 0,
    done                 bigint      NOT NULL DEFAULT 0,
    tries                integer     NOT NULL DEFAULT 0,
    due                  timestamptz NOT NULL DEFAULT now(),
    problem              text,
    pushed_at            timestamptz,
    asked_at             timestamptz NOT NULL DEFAULT now(), -- since when it is, or was last, to be told
    probe_due            timestamptz NOT NULL DEFAULT 'infinity', -- when it is read back
    drift                bigint,               -- the other number that was shown at the last look
    drift_at             timestamptz,          -- since when
    PRIMARY KEY (account_id, shop_id, sku_id, channel_warehouse_id)
) WITH (fillfactor = 80);
CREATE INDEX channel_stock_due ON channel_stock (due) WHERE done < wanted;
CREATE INDEX channel_stock_probe ON channel_stock (probe_due) WHERE probe_due < 'infinity';
CREATE INDEX channel_stock_product ON channel_stock (account_id, shop_id, product_id);
CREATE TYPE level_row AS (account_id bigint, upstream_rev bigint, shop_id bigint, product_id text, sku_id text,
                          channel_warehouse_id text, quantity bigint);
CREATE TYPE shown_row AS (account_id bigint, shop_id bigint, product_id text, sku_id text, channel_warehouse_id text,
                          quantity bigint);
CREATE TYPE pushed_row AS (account_id bigint, shop_id bigint, sku_id text, channel_warehouse_id text, taken bigint,
                           quantity bigint, problem text, wait_ms bigint);
CREATE TYPE probe_row AS (account_id bigint, shop_id bigint, sku_id text, channel_warehouse_id text, taken bigint,
                          told bigint, shown bigint);
