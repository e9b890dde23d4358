-- Who bought, once more (0001): who looked at it, and what was erased and stays so.

-- What was erased keeps its row without a content, so that the marketplace's next word on the order brings nothing back.
ALTER TABLE order_buyer ALTER COLUMN sealed DROP NOT NULL, ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT sealed_or_erased CHECK ((sealed IS NULL) = (erased_at IS NOT NULL));

-- append-only: buyer_access
CREATE TABLE buyer_access (
    account_id bigint      NOT NULL,
    access_id  bigint      GENERATED ALWAYS AS IDENTITY,
    order_id   text        COLLATE "C" NOT NULL,
    user_name  text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, access_id)
);

-- The proof of an erasure, which holds nothing of the person.
-- append-only: erasure
CREATE TABLE erasure (
    account_id bigint      NOT NULL,
    erasure_id bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL DEFAULT now(),
    user_name  text        NOT NULL,
    reason     text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    by_what    text        NOT NULL CHECK (by_what IN ('ORDER', 'PHONE', 'EMAIL')),
    orders     text[]      NOT NULL,
    held       bigint      NOT NULL,  -- of them held a person here
    letters    bigint      NOT NULL,  -- messages that could not be processed held one
    digest     bytea       NOT NULL,  -- SHA-256 over what was erased, sealed, by the order's key
    PRIMARY KEY (account_id, erasure_id)
);

CREATE VIEW erasure_item AS
    SELECT account_id, erasure_id, jsonb_build_object(
        'id', erasure_id::text, 'at', rfc3339(at), 'user', user_name, 'reason', reason, 'by', by_what,
        'orders', to_jsonb(orders[1:200]), 'order_count', cardinality(orders), 'held', held, 'letters', letters,
        'digest', encode(digest, 'hex'),
        'left', (SELECT count(*) FROM order_buyer b WHERE b.account_id = e.account_id AND b.order_id = ANY (e.orders)
                 AND b.sealed IS NOT NULL)
              + (SELECT count(*) FROM dead_letter d WHERE d.account_id = e.account_id AND d.key = ANY (e.orders)
                 AND d.type = 'channel.order')
              + (SELECT count(*) FROM later l WHERE l.account_id = e.account_id AND l.key = ANY (e.orders)
                 AND l.type = 'channel.order' AND l.since < e.at)) AS item
    FROM erasure e;
