-- What the marketplace is asked to do, each once: shipments, cancellations, answers to buyers; and label files, which
-- are only asked for (states.md, "Tasks").

CREATE TABLE task (
    account_id       bigint      NOT NULL,
    key              text        NOT NULL CHECK (length(key) BETWEEN 1 AND 160), -- kind of fact "/" the fact's key
    upstream_rev     bigint      NOT NULL,
    rev              bigint      NOT NULL DEFAULT 0, -- of the answer told last
    shop_id          bigint      NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('SHIP', 'MARK_SHIPPED', 'CANCEL', 'ACCEPT_CANCEL',
                                 'DECLINE_CANCEL', 'ACCEPT_RETURN', 'DECLINE_RETURN', 'PRICE', 'DOCUMENT',
                                 'LISTING')),
    channel_order_id text        NOT NULL,
    state            text        NOT NULL CHECK (state IN ('WANTED', 'ASKED', 'LABEL', 'DONE', 'REFUSED', 'WITHDRAWN')),
    decision         text        NOT NULL DEFAULT '', -- the marketplace's word for what a return waits for
    refusal          text        NOT NULL DEFAULT '' CHECK (length(refusal) <= 512), -- not believed before a look
    problem          text        NOT NULL DEFAULT '' CHECK (length(problem) <= 512), -- for people
    result           text        NOT NULL DEFAULT '' CHECK (length(result) <= 2048), -- where a file is
    tries            integer     NOT NULL DEFAULT 0,
    taken            bigint      NOT NULL DEFAULT 0,  -- how often a job took it: whoever lost it writes nothing
    due              timestamptz NOT NULL DEFAULT now(),
    made             timestamptz NOT NULL DEFAULT now(),
    ended_at         timestamptz,
    trace            uuid        NOT NULL,
    emitted_at       timestamptz,
    committed_at     timestamptz NOT NULL DEFAULT now(),
    fact             bytea       NOT NULL, -- body of the message without its head
    PRIMARY KEY (account_id, key)
);
CREATE INDEX task_due ON task (due) WHERE state IN ('WANTED', 'ASKED', 'LABEL');
CREATE INDEX task_shop ON task (account_id, shop_id, made);
CREATE TYPE task_row AS (account_id bigint, key text, upstream_rev bigint, shop_id bigint, kind text,
                         channel_order_id text, wanted boolean, trace uuid, emitted_at timestamptz, fact bytea);
CREATE TYPE task_end_row AS (account_id bigint, key text, taken bigint, state text, decision text, refusal text,
                             problem text, result text, wait_ms bigint, counts boolean);

-- What the others asked for about an order.
CREATE INDEX task_order ON task (account_id, (shop_id::text || '-' || channel_order_id)) WHERE channel_order_id <> '';
DROP VIEW order_hop;
CREATE VIEW order_hop AS
    SELECT account_id, shop_id::text || '-' || channel_order_id AS order_id, NULL::text AS service,
           split_part(key, '/', 1) || '.requested' AS fact, trace, emitted_at, committed_at
    FROM task WHERE channel_order_id <> '';
