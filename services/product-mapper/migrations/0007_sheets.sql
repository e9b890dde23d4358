-- Sheets of variants: files that are taken in, and files that are made.

CREATE SEQUENCE sheet_id;

CREATE TABLE sheet_import (
    account_id bigint      NOT NULL,
    import_id  bigint      NOT NULL,
    state      text        NOT NULL DEFAULT 'READING'
        CHECK (state IN ('READING', 'CHECKING', 'CHECKED', 'SAVING', 'DONE', 'REFUSED')),
    check_only boolean     NOT NULL,            -- stop at CHECKED: what would happen, nothing done
    name       text        NOT NULL,            -- of the file
    language   text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    made_by    text        NOT NULL,
    file       bytea,                           -- until its lines are in sheet_line
    due        timestamptz NOT NULL DEFAULT now(),
    attempt    integer     NOT NULL DEFAULT 0,  -- of reading: whoever was slower than its lease writes nothing
    problem    text        NOT NULL DEFAULT '', -- of the file as a whole
    heading    text[]      NOT NULL DEFAULT '{}',
    ignored    text[]      NOT NULL DEFAULT '{}',   -- headings that mean nothing here
    lines      bigint      NOT NULL DEFAULT 0,
    position   bigint      NOT NULL DEFAULT 0,  -- of the last line that is done
    created    bigint      NOT NULL DEFAULT 0,
    updated    bigint      NOT NULL DEFAULT 0,
    unchanged  bigint      NOT NULL DEFAULT 0,
    wrong      bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, import_id)
);
ALTER TABLE sheet_import ALTER COLUMN file SET STORAGE EXTERNAL;
CREATE INDEX sheet_import_due ON sheet_import (due) WHERE state IN ('READING', 'CHECKING', 'SAVING');

CREATE TABLE sheet_line (
    account_id bigint  NOT NULL,
    import_id  bigint  NOT NULL,
    position   bigint  NOT NULL,            -- bundles come behind all others: their parts may be in the file
    line       bigint  NOT NULL,            -- of the file
    sku        text    COLLATE "C" NOT NULL,
    fields     text[]  NOT NULL,
    readable   boolean NOT NULL,
    outcome    text    NOT NULL DEFAULT '' CHECK (outcome IN ('', 'CREATED', 'UPDATED', 'UNCHANGED', 'WRONG')),
    code       text    NOT NULL DEFAULT '',
    problem    text    NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, import_id, position),
    FOREIGN KEY (account_id, import_id) REFERENCES sheet_import ON DELETE CASCADE
);
CREATE INDEX sheet_line_sku ON sheet_line (account_id, import_id, sku);
CREATE TYPE sheet_line_row AS (position bigint, line bigint, sku text, fields text[], readable boolean);
CREATE TYPE sheet_outcome_row AS (position bigint, outcome text, code text, problem text);
CREATE TYPE sheet_reference_row AS (at bigint, type text, product text, attributes text[], attribute_values text[]);
CREATE TYPE product_row AS (type_id bigint, name text);

-- Workbooks: packed as a whole, so made by a job and kept for a day.
CREATE TABLE sheet_export (
    account_id bigint      NOT NULL,
    export_id  bigint      NOT NULL,
    filter     jsonb       NOT NULL,
    language   text        NOT NULL,
    state      text        NOT NULL DEFAULT 'WRITING' CHECK (state IN ('WRITING', 'DONE', 'REFUSED')),
    problem    text        NOT NULL DEFAULT '',
    made_at    timestamptz NOT NULL DEFAULT now(),
    made_by    text        NOT NULL,
    due        timestamptz NOT NULL DEFAULT now(),
    attempt    integer     NOT NULL DEFAULT 0,
    lines      bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, export_id)
);
CREATE INDEX sheet_export_due ON sheet_export (due) WHERE state = 'WRITING';

CREATE TABLE sheet_piece (
    account_id bigint NOT NULL,
    export_id  bigint NOT NULL,
    piece      bigint NOT NULL,     -- from 1
    body       bytea  NOT NULL,
    PRIMARY KEY (account_id, export_id, piece),
    FOREIGN KEY (account_id, export_id) REFERENCES sheet_export ON DELETE CASCADE
);
ALTER TABLE sheet_piece ALTER COLUMN body SET STORAGE EXTERNAL;
