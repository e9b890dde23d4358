-- What a seller's own people write on orders and how they sort them.  None of it is part of any fact.

-- Notes in all their versions: the last one is what stands, and without a text it is deleted.  They go with the buyer when he is
-- erased, whatever was written of him.
CREATE TABLE order_note (
    account_id bigint      NOT NULL,
    order_id   text        COLLATE "C" NOT NULL,
    note       integer     NOT NULL CHECK (note BETWEEN 1 AND 50),  -- numbered within the order
    version    integer     NOT NULL CHECK (version BETWEEN 1 AND 20),
    at         timestamptz NOT NULL DEFAULT now(),
    user_name  text        NOT NULL,
    body       text,
    PRIMARY KEY (account_id, order_id, note, version)
);

CREATE TABLE order_tag (
    account_id bigint      NOT NULL,
    tag_id     bigint      GENERATED ALWAYS AS IDENTITY,
    name       text        NOT NULL,
    colour     text        NOT NULL,
    deleted_at timestamptz,                       -- a job takes it off its orders, then forgets it
    PRIMARY KEY (account_id, tag_id)
);
CREATE UNIQUE INDEX order_tag_name ON order_tag (account_id, lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE tagged_order (
    account_id bigint NOT NULL,
    order_id   text   COLLATE "C" NOT NULL,
    tag_id     bigint NOT NULL,
    PRIMARY KEY (account_id, order_id, tag_id),
    FOREIGN KEY (account_id, tag_id) REFERENCES order_tag
);
-- Serves the lists of a tag (list_store.c).
CREATE INDEX tagged_order_tag ON tagged_order (account_id, tag_id, order_id);
ALTER TABLE tagged_order SET (autovacuum_analyze_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE TYPE tagged_order_row AS (order_id text, tag_id bigint, is_put boolean);

-- append-only: tag_history
CREATE TABLE tag_history (
    account_id bigint      NOT NULL,
    order_id   text        COLLATE "C" NOT NULL,
    entry      bigint      GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL DEFAULT now(),
    user_name  text        NOT NULL,
    name       text        NOT NULL,  -- as the tag was called then
    is_put     boolean     NOT NULL,
    PRIMARY KEY (account_id, order_id, entry)
);

-- An order in a list.
CREATE VIEW order_item AS
    SELECT o.account_id, o.order_id, o.updated_at, order_document(o, s) || jsonb_build_object('tags', t.tags) AS item
    FROM orders o LEFT JOIN order_stage s ON s.account_id = o.account_id AND s.order_id = o.order_id
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', tag_id::text, 'name', name, 'colour', colour) ORDER BY lower(name)), '[]') AS tags
        FROM tagged_order g JOIN order_tag USING (account_id, tag_id)
        WHERE g.account_id = o.account_id AND g.order_id = o.order_id AND deleted_at IS NULL) t;

-- What people did to an order here, for its history; never what they wrote.
CREATE VIEW order_mark_event AS
    SELECT account_id, order_id, at, 0::bigint AS upstream_rev, jsonb_build_object(
        'at', rfc3339(at), 'source', 'person', 'user', user_name, 'mark', CASE WHEN body IS NULL THEN 'NOTE_DELETED'
            WHEN version = 1 THEN 'NOTE_WRITTEN' ELSE 'NOTE_CHANGED' END) AS event
    FROM order_note
    UNION ALL
    SELECT account_id, order_id, at, 0, jsonb_build_object(
        'at', rfc3339(at), 'source', 'person', 'user', user_name, 'detail', name,
        'mark', CASE WHEN is_put THEN 'TAG_PUT' ELSE 'TAG_TAKEN' END)
    FROM tag_history
    UNION ALL
    SELECT account_id, order_id, at, 0, jsonb_build_object(
        'at', rfc3339(at), 'source', 'person', 'user', user_name, 'detail', nullif(reason, ''),
        'mark', CASE WHEN deleted THEN 'DELETED' ELSE 'RESTORED' END, 'trace_id', replace(trace::text, '-', ''))
    FROM order_deletion;
