-- Links in bulk, and how far the orders that follow a link are.

-- As JSON documents show moments.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;

-- Suggestions by barcode.
CREATE INDEX variant_barcode ON variant (account_id, barcode) WHERE barcode <> '';

CREATE SEQUENCE link_job_id;

CREATE TABLE link_job (
    account_id bigint      NOT NULL,
    job_id     bigint      NOT NULL,
    by_whom    text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    total      integer     NOT NULL,
    done       integer     NOT NULL DEFAULT 0,
    failed     integer     NOT NULL DEFAULT 0,
    ended_at   timestamptz,                     -- NULL: items wait
    PRIMARY KEY (account_id, job_id)
);
CREATE INDEX link_job_open ON link_job (made_at) WHERE ended_at IS NULL;

CREATE TABLE link_job_item (
    account_id bigint  NOT NULL,
    job_id     bigint  NOT NULL,
    n          integer NOT NULL,
    wish       text    NOT NULL,                -- as it was sent, JSON
    result     text    CHECK (result IN ('LINKED', 'FAILED')),  -- NULL: it waits
    reason     text    NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, job_id, n),
    FOREIGN KEY (account_id, job_id) REFERENCES link_job ON DELETE CASCADE
);
CREATE TYPE link_result_row AS (n integer, reason text);

-- How far the orders are that follow changed links, for people.  Orders of several changes are counted with each.
CREATE TABLE healing (
    account_id bigint      NOT NULL PRIMARY KEY,
    began_at   timestamptz NOT NULL DEFAULT now(),
    total      bigint      NOT NULL,
    done       bigint      NOT NULL DEFAULT 0,
    ended_at   timestamptz                      -- NULL: under way
);
