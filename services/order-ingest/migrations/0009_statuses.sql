-- Changing an account's status table: what was looked at may be saved, and what was saved is kept.

-- How often the table was changed.  A preview that was made of another table is no preview.
CREATE TABLE status_revision (
    account_id bigint PRIMARY KEY,
    rev        bigint NOT NULL
);

-- A change that somebody has seen the effect of.  Saving takes it away; who does not save leaves it to the next preview.
CREATE TABLE status_preview (
    account_id bigint      NOT NULL,
    token      uuid        NOT NULL DEFAULT gen_random_uuid(),
    made_at    timestamptz NOT NULL DEFAULT now(),
    rev        bigint      NOT NULL,  -- of the table it was made of
    rules      jsonb       NOT NULL,  -- status_effect, as it was shown
    PRIMARY KEY (account_id, token)
);

-- append-only: status_history
CREATE TABLE status_history (
    account_id bigint      NOT NULL,
    rev        bigint      NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    user_name  text        NOT NULL,
    rules      jsonb       NOT NULL,
    PRIMARY KEY (account_id, rev)
);

-- hub_status '': the default again.
CREATE TYPE status_change_row AS (channel_status text, cause text, hub_status text, status_group text);

-- What each changed rule does: from what, to what, to how many orders, and the newest of them.
CREATE FUNCTION status_effect(account bigint, changes status_change_row[]) RETURNS TABLE (rule jsonb, orders bigint)
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('channel_status', e.channel_status, 'cause', e.cause,
               'from', jsonb_build_object('hub_status', e.from_hub, 'status_group', e.from_group),
               'to', jsonb_build_object('hub_status', e.to_hub, 'status_group', e.to_group), 'default', e.back,
               'orders', n.orders, 'first_ids', (SELECT coalesce(jsonb_agg(order_id), '[]') FROM (
                   SELECT o.order_id FROM orders o WHERE n.orders > 0 AND o.account_id = account
                   AND o.channel_status = e.channel_status AND o.cause = e.cause
                   ORDER BY o.updated_at DESC, o.order_id DESC LIMIT 20) o)), n.orders
    FROM (SELECT c.channel_status, c.cause, c.hub_status = '' AS back,
                 coalesce(t.hub_status, 'UNKNOWN') AS from_hub, coalesce(t.status_group, 'UNKNOWN') AS from_group,
                 coalesce(nullif(c.hub_status, ''), d.hub_status, 'UNKNOWN') AS to_hub,
                 coalesce(nullif(c.status_group, ''), d.status_group, 'UNKNOWN') AS to_group
          FROM unnest(changes) c LEFT JOIN status_table(account) t USING (channel_status, cause)
          LEFT JOIN status_rule d ON d.account_id = 0 AND d.channel_status = c.channel_status AND d.cause = c.cause) e
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.orders), 0)::bigint AS orders FROM order_number x
        WHERE x.account_id = account AND x.axis = 'status' AND x.word = e.channel_status AND x.cause = e.cause
          AND (e.from_hub, e.from_group) <> (e.to_hub, e.to_group)) n $$;
