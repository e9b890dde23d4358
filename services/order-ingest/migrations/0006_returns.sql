-- What is asked for after an order was made: cancellations, returns, refunds; and what people did about them.

-- Each as the marketplace has it.  A refund moves money, a parcel that comes back moves goods: of the goods nothing stands here.
CREATE TABLE order_return (
    account_id      bigint      NOT NULL,
    return_key      text        COLLATE "C" NOT NULL CHECK (length(return_key) BETWEEN 1 AND 96),
    upstream_rev    bigint      NOT NULL,  -- of channel.return
    trace           uuid        NOT NULL,
    changed_at      timestamptz NOT NULL,  -- when the last revision was accepted
    shop_id         bigint      NOT NULL,
    order_id        text        COLLATE "C" NOT NULL,
    is_cancellation boolean     NOT NULL,
    kind            text        NOT NULL,
    channel_status  text        NOT NULL,
    wants           text        NOT NULL,  -- the answer that is waited for; '': none
    asked_by        text        NOT NULL,
    reason          text        NOT NULL,
    created_at      timestamptz,           -- from here on at the marketplace
    updated_at      timestamptz,
    deadline_at     timestamptz,
    currency        text        NOT NULL,
    refund_minor    bigint      NOT NULL,
    goods_minor     bigint      NOT NULL,  -- of it, for the goods
    units           bigint      NOT NULL,
    position        bigint      NOT NULL,  -- in lists: what is to be answered first (return_position)
    document        jsonb       NOT NULL,  -- what is only shown: lines, money, way back (return_write_document)
    warned_for      timestamptz,           -- the deadline that people were warned of
    PRIMARY KEY (account_id, return_key)
);
CREATE INDEX order_return_position ON order_return (account_id, position, return_key)
    INCLUDE (shop_id, channel_status, wants);
CREATE INDEX order_return_order ON order_return (account_id, order_id);
CREATE INDEX order_return_deadline ON order_return (deadline_at) WHERE wants <> '';
CREATE TYPE order_return_row AS (
    account_id bigint, return_key text, upstream_rev bigint, trace uuid, shop_id bigint, order_id text,
    is_cancellation boolean, kind text, channel_status text, wants text, asked_by text, reason text,
    created_at timestamptz, updated_at timestamptz, deadline_at timestamptz, currency text, refund_minor bigint,
    goods_minor bigint, units bigint, "position" bigint, document text
);

-- What it said before each change, for ever.
-- append-only: order_return_history
CREATE TABLE order_return_history (
    account_id     bigint      NOT NULL,
    return_key     text        COLLATE "C" NOT NULL,
    upstream_rev   bigint      NOT NULL,
    at             timestamptz NOT NULL,
    channel_status text        NOT NULL,
    wants          text        NOT NULL,
    deadline_at    timestamptz,
    refund_minor   bigint      NOT NULL,
    trace          uuid        NOT NULL,
    PRIMARY KEY (account_id, return_key, upstream_rev)
);
CREATE FUNCTION keep_replaced_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_return_history
    VALUES (OLD.account_id, OLD.return_key, OLD.upstream_rev, OLD.changed_at, OLD.channel_status, OLD.wants,
            OLD.deadline_at, OLD.refund_minor, OLD.trace);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_replaced AFTER UPDATE ON order_return FOR EACH ROW
    WHEN ((OLD.channel_status, OLD.wants, OLD.deadline_at, OLD.refund_minor)
          IS DISTINCT FROM (NEW.channel_status, NEW.wants, NEW.deadline_at, NEW.refund_minor))
    EXECUTE FUNCTION keep_replaced_return();

-- The marketplace's word to ours.  A word that is not here is kept and shown as UNKNOWN.
CREATE TABLE return_rule (
    channel_status text PRIMARY KEY,
    state          text NOT NULL CHECK (state IN ('UNDER_WAY', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'DONE'))
);
INSERT INTO return_rule VALUES
    ('CANCELLATION_REQUEST_PENDING', 'UNDER_WAY'),
    ('CANCELLATION_REQUEST_SUCCESS', 'ACCEPTED'),
    ('CANCELLATION_REQUEST_COMPLETE', 'DONE'),
    ('CANCELLATION_REQUEST_CANCEL', 'WITHDRAWN'),
    ('CANCELLATION_REQUEST_CANCELLED', 'WITHDRAWN'),
    ('RETURN_OR_REFUND_REQUEST_PENDING', 'UNDER_WAY'),
    ('AWAITING_BUYER_SHIP', 'UNDER_WAY'),
    ('BUYER_SHIPPED_ITEM', 'UNDER_WAY'),
    ('AWAITING_BUYER_RESPONSE', 'UNDER_WAY'),
    ('REPLACEMENT_REQUEST_PENDING', 'UNDER_WAY'),
    ('RETURN_OR_REFUND_REQUEST_SUCCESS', 'ACCEPTED'),
    ('REPLACEMENT_REQUEST_REFUND_SUCCESS', 'DONE'),
    ('RETURN_OR_REFUND_REQUEST_COMPLETE', 'DONE'),
    ('REPLACEMENT_REQUEST_COMPLETE', 'DONE'),
    ('REFUND_OR_RETURN_REQUEST_REJECT', 'DECLINED'),
    ('REJECT_RECEIVE_PACKAGE', 'DECLINED'),
    ('REPLACEMENT_REQUEST_REJECT', 'DECLINED'),
    ('RETURN_OR_REFUND_REQUEST_CANCEL', 'WITHDRAWN'),
    ('REPLACEMENT_REQUEST_CANCEL', 'WITHDRAWN');

-- What a person did: answered a buyer, cancelled an order; and what the marketplace said to it.
CREATE TABLE order_action (
    account_id   bigint      NOT NULL,
    action_key   text        COLLATE "C" NOT NULL,  -- return_action_key: drawn from nothing but what it is about
    rev          bigint      NOT NULL,              -- of action.requested
    upstream_rev bigint      NOT NULL DEFAULT 0,    -- of action.progressed
    order_id     text        COLLATE "C" NOT NULL,
    return_key   text        COLLATE "C" NOT NULL DEFAULT '', -- that was answered; '': none
    wants        text        NOT NULL DEFAULT '',   -- what was waited for then
    attempt      bigint      NOT NULL,
    kind         text        NOT NULL CHECK (kind IN ('CANCEL', 'ACCEPT_CANCEL', 'DECLINE_CANCEL', 'ACCEPT_RETURN',
                                                      'DECLINE_RETURN')),
    reason       text        NOT NULL DEFAULT '',
    lines        jsonb,                             -- of a cancellation: [{"line", "unit_ids"}]; NULL: the whole order
    state        text        NOT NULL DEFAULT 'REQUESTED'
                             CHECK (state IN ('REQUESTED', 'UNKNOWN', 'ACCEPTED', 'REFUSED')),
    problem      text        NOT NULL DEFAULT '',
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    progressed_at timestamptz,
    trace        uuid        NOT NULL,
    PRIMARY KEY (account_id, action_key)
);
CREATE INDEX order_action_order ON order_action (account_id, order_id);
CREATE INDEX order_action_return ON order_action (account_id, return_key) WHERE return_key <> '';
CREATE TYPE action_progress_row AS (account_id bigint, action_key text, upstream_rev bigint, state text, problem text);

-- How it stands: who answered must wait for the marketplace, until it has said something newer than the answer.
CREATE VIEW return_seen AS
    SELECT r.*, a.action_key, a.kind AS action_kind, a.state AS action_state, a.problem AS action_problem,
           CASE WHEN r.wants = '' THEN coalesce(rule.state, 'UNKNOWN')
                WHEN a.state <> 'REFUSED' THEN 'ANSWERED'
                WHEN r.deadline_at <= now() THEN 'OVERDUE'
                ELSE 'TO_ANSWER' END AS state
    FROM order_return r
    LEFT JOIN return_rule rule ON rule.channel_status = r.channel_status
    LEFT JOIN LATERAL (SELECT x.action_key, x.kind, x.state, x.problem FROM order_action x
                       WHERE x.account_id = r.account_id AND x.return_key = r.return_key AND x.return_key <> ''
                         AND x.wants = r.wants ORDER BY x.attempt DESC LIMIT 1) a ON r.wants <> '';

CREATE VIEW order_action_item AS
    SELECT account_id, order_id, return_key, attempt, requested_at, jsonb_build_object(
        'id', action_key, 'kind', kind, 'reason', nullif(reason, ''), 'state', state, 'problem', nullif(problem, ''),
        'lines', (SELECT jsonb_agg(jsonb_build_object('line', l->'line', 'units', jsonb_array_length(l->'unit_ids')))
                  FROM jsonb_array_elements(lines) l),
        'user', requested_by, 'requested_at', rfc3339(requested_at), 'progressed_at', rfc3339(progressed_at)) AS item
    FROM order_action;

CREATE VIEW return_item AS
    SELECT account_id, return_key, shop_id, order_id, position, state, channel_status, jsonb_build_object(
        'id', return_key, 'shop_id', shop_id::text, 'order_id', order_id,
        'channel_order_id', substr(order_id, strpos(order_id, '-') + 1), 'is_cancellation', is_cancellation,
        'kind', kind, 'state', state, 'channel_status', channel_status, 'wants', nullif(wants, ''),
        'asked_by', asked_by, 'reason', reason, 'units', units, 'refund', money(refund_minor, currency),
        'created_at', rfc3339(created_at), 'updated_at', rfc3339(updated_at),
        'deadline_at', CASE WHEN wants <> '' THEN rfc3339(deadline_at) END,
        'problem', nullif(action_problem, '')) AS item
    FROM return_seen;

-- An amount that is only shown; NULL: the marketplace did not say it.
CREATE FUNCTION return_money(r order_return, part text) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN r.document ? part THEN money((r.document->>part)::bigint, r.currency) END;

-- The lines of a return, each with the order's name for it where the order is known.
CREATE FUNCTION return_lines(r order_return) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'sku_id', l->'sku_id', 'units', l->'units', 'refund', money((l->>'refund_minor')::bigint, r.currency),
        'product_name', n.line->'product_name', 'sku_name', n.line->'sku_name', 'seller_sku', n.line->'seller_sku')), '[]')
    FROM jsonb_array_elements(r.document->'lines') l
    LEFT JOIN LATERAL (SELECT line FROM order_line_seen x WHERE x.account_id = r.account_id AND x.order_id = r.order_id
                       AND x.line->>'sku_id' = l->>'sku_id' LIMIT 1) n ON true $$;

CREATE FUNCTION return_history(r order_return) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_agg(jsonb_build_object('at', rfc3339(at), 'channel_status', channel_status, 'wants', nullif(wants, ''),
                                        'refund', money(refund_minor, r.currency)) ORDER BY upstream_rev)
    FROM (SELECT upstream_rev, at, channel_status, wants, refund_minor FROM order_return_history h
          WHERE h.account_id = r.account_id AND h.return_key = r.return_key
          UNION ALL SELECT r.upstream_rev, r.changed_at, r.channel_status, r.wants, r.refund_minor) past $$;

-- What stands on a return's own page beside what a list shows of it.
CREATE FUNCTION return_details(r order_return) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN jsonb_strip_nulls(
        r.document - '{lines,goods_minor,shipping_minor,tax_minor,offered_minor}'::text[] || jsonb_build_object(
            'goods', return_money(r, 'goods_minor'), 'shipping', return_money(r, 'shipping_minor'),
            'tax', return_money(r, 'tax_minor'), 'offered', return_money(r, 'offered_minor'),
            'lines', return_lines(r), 'history', return_history(r),
            'actions', (SELECT coalesce(jsonb_agg(a.item ORDER BY a.requested_at), '[]') FROM order_action_item a
                        WHERE a.account_id = r.account_id AND a.return_key = r.return_key AND a.return_key <> '')));
