-- Orders whose goods are back, as a person said.  What is refunded is another matter, and so is where the goods go.
-- append-only: returned
CREATE TABLE returned (
    account_id bigint      NOT NULL,
    key        text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    user_name  text        NOT NULL,
    note       text        NOT NULL CHECK (length(note) <= 500),
    PRIMARY KEY (account_id, key)
);
