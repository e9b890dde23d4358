-- Accounts, the people who work for them, and how they sign in.

CREATE TABLE account (
    account_id bigint      PRIMARY KEY CHECK (account_id > 0),
    name       text        NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 120),
    time_zone  text        NOT NULL CHECK (octet_length(time_zone) BETWEEN 1 AND 64),
    currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    language   text        NOT NULL CHECK (language IN ('vi', 'th', 'zh', 'en')),
    state      text        NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'CLOSED')),
    rev        bigint      NOT NULL,
    made       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person (
    account_id    bigint      NOT NULL REFERENCES account,
    person_id     bigint      NOT NULL CHECK (person_id > 0),
    role          text        NOT NULL CHECK (role IN ('OWNER', 'MANAGER', 'PACKER', 'FINANCE', 'VIEWER')),
    password_hash text        NOT NULL CHECK (length(password_hash) BETWEEN 32 AND 127),
    made          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, person_id)
);

-- Unique across accounts, so the account does not lead its key.
CREATE TABLE login (
    login      text   PRIMARY KEY CHECK (login = lower(login) AND octet_length(login) BETWEEN 3 AND 120),
    account_id bigint NOT NULL,
    person_id  bigint NOT NULL,
    FOREIGN KEY (account_id, person_id) REFERENCES person ON DELETE CASCADE
);

-- By the hash of its token: the token itself is stored nowhere.
CREATE TABLE session (
    token_hash bytea       PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    account_id bigint      NOT NULL,
    person_id  bigint      NOT NULL,
    started    timestamptz NOT NULL DEFAULT now(),
    seen       timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (account_id, person_id) REFERENCES person ON DELETE CASCADE
);
CREATE INDEX session_started ON session (started);

-- Links with which the first account is made.
CREATE TABLE setup_link (
    token_hash bytea       PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    made       timestamptz NOT NULL DEFAULT now()
);

-- Tries to sign in, counted before the password is looked at.
CREATE TABLE sign_in_try (
    kind          text        NOT NULL CHECK (kind IN ('address', 'login')),
    subject       text        NOT NULL CHECK (octet_length(subject) <= 160),
    tries         bigint      NOT NULL DEFAULT 0 CHECK (tries >= 0),
    last_try      timestamptz NOT NULL DEFAULT 'epoch',
    blocked_until timestamptz NOT NULL DEFAULT 'epoch',
    PRIMARY KEY (kind, subject)
);
CREATE INDEX sign_in_try_last ON sign_in_try (last_try);
CREATE TYPE sign_in_try_row AS (kind text, subject text, tries bigint, last_try timestamptz, blocked_until timestamptz);
