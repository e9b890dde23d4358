-- What people should know: one row for each notice, the newest revision.

CREATE SEQUENCE notice_number;
CREATE TABLE notice (
    account_id   bigint      NOT NULL,
    key          text        NOT NULL,
    rev          bigint      NOT NULL, -- the emitter's
    number       bigint      NOT NULL DEFAULT nextval('notice_number'), -- the order in which they came
    event        text        NOT NULL CHECK (octet_length(event) <= 64),
    subject      text        NOT NULL CHECK (octet_length(subject) <= 96),
    body         text        NOT NULL CHECK (octet_length(body) <= 1024),
    trace        uuid        NOT NULL,
    emitted_at   timestamptz NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX notice_newest ON notice (account_id, number DESC);
CREATE INDEX notice_old ON notice (committed_at);
CREATE TYPE notice_row AS (account_id bigint, key text, rev bigint, event text, subject text, body text,
                           trace uuid, emitted_at timestamptz);
