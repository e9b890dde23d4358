-- Who is at work on a print file: it comes, or it is removed, and never both.

CREATE TABLE design_lease (
    account_id bigint      NOT NULL,
    id         text        NOT NULL CHECK (octet_length(id) = 64),
    task       text        NOT NULL CHECK (task IN ('KEEP', 'REMOVE')),
    until      timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX design_lease_ended ON design_lease (until);
