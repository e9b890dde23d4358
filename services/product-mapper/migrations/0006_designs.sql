-- Print files: what is stored, and which order lines have one of their own.

CREATE TABLE design (
    account_id bigint      NOT NULL,
    design_id  text        COLLATE "C" NOT NULL CHECK (design_id ~ '^[0-9a-f]{64}$'), -- SHA-256 of the content
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 255),   -- the file's, as it was first uploaded
    kind       text        NOT NULL CHECK (kind IN ('PNG', 'JPEG', 'PDF')),
    bytes      bigint      NOT NULL CHECK (bytes > 0),
    width      integer     NOT NULL DEFAULT 0,  -- in pixels; 0: not a picture
    height     integer     NOT NULL DEFAULT 0,
    added_at   timestamptz NOT NULL DEFAULT now(),
    added_by   text        NOT NULL,
    had_at     timestamptz NOT NULL DEFAULT now(),  -- something has it or was about to, give or take a day
    PRIMARY KEY (account_id, design_id)
);
CREATE INDEX design_added ON design (account_id, added_at DESC, design_id);
CREATE INDEX listing_sku_design ON listing_sku (account_id, design_id) WHERE design_id <> '';

-- The design of an order's line of a personalised listing.
CREATE TABLE line_design (
    account_id bigint      NOT NULL,
    order_id   text        COLLATE "C" NOT NULL,
    line       bigint      NOT NULL,
    design_id  text        COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    by_whom    text        NOT NULL,
    PRIMARY KEY (account_id, order_id, line),
    FOREIGN KEY (account_id, design_id) REFERENCES design
);
CREATE INDEX line_design_of ON line_design (account_id, design_id);

-- Which design was attached to what, for ever.  Subject: a listing SKU's key, or "<order>/<line>".
-- append-only: design_history
CREATE SEQUENCE design_history_id;
CREATE TABLE design_history (
    account_id bigint      NOT NULL,
    n          bigint      NOT NULL DEFAULT nextval('design_history_id'),
    subject    text        NOT NULL,
    old_design text        NOT NULL,
    new_design text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    by_whom    text        NOT NULL,
    PRIMARY KEY (account_id, subject, n)
);
