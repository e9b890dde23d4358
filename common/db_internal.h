/* What the files of the database layer share with each other; nobody else includes it. */
#ifndef SAMPAN_DB_INTERNAL_H
#define SAMPAN_DB_INTERNAL_H

#include <libpq-fe.h>

#include "common/buffer.h"
#include "common/db.h"

enum {
    SP_DB_SLOTS = 64,             /* statements in one pipeline */
    SP_DB_STATEMENTS = 512,       /* different statements of a service, twice; a power of two */
    SP_DB_TYPES = 128,            /* composite types of a service */
    SP_DB_SET_KEEP = 1024 * 1024, /* bytes of a set's buffer that outlive a batch */
    SP_DB_OLDEST_MS = 9 * 1000,   /* an older transaction does not commit */
};

struct sp_rows {
    PGresult *result;
};

struct sp_set {
    struct sp_buffer bytes; /* PostgreSQL's binary form of an array, valid after every put */
    uint32_t count;         /* rows */
    size_t row_at;          /* where the present row's length stands */
    uint32_t columns;       /* of the present row */
};

struct sp_prepared {
    const struct sp_statement *statement;
    bool free;  /* planned freely, see sp_db_plan_freely */
    bool ready; /* the server has confirmed it on this connection */
    unsigned number;
};

struct sp_type {
    char name[64];
    uint32_t oid;
};

enum sp_slot_kind { SP_SLOT_QUERY, SP_SLOT_PREPARE, SP_SLOT_AGE, SP_SLOT_COMMIT };

struct sp_slot {
    enum sp_slot_kind kind;
    struct sp_prepared *prepared;
    struct sp_rows rows;
};

struct sp_db {
    char *url, *name;
    PGconn *conn;
    struct sp_prepared prepared[SP_DB_STATEMENTS];
    unsigned prepared_count;
    struct sp_type types[SP_DB_TYPES];
    size_t type_count;
    struct sp_slot *slots; /* since the last reset; grows */
    int slot_count, slot_capacity;
    int first_open; /* the first slot without its answer */
    struct sp_set **sets;
    size_t set_used, set_count;
    struct sp_arena *arena;
    bool broken; /* queueing failed: the next sp_run says so */
    bool in_transaction;
    unsigned begun;    /* transactions, on this connection */
    bool by_key;       /* of the connections to come, see sp_db_plan_by_key */
    bool free;         /* the present transaction */
    int64_t oldest_ms; /* SP_DB_OLDEST_MS, or what a test wants */
    enum sp_outcome outcome;
    char sqlstate[6];
    struct sp_db_counts counts;
};

#endif
