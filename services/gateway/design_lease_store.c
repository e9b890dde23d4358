#include "services/gateway/design_lease_store.h"

#include <stdio.h>

/* One who stores the same content lets the other do so too. */
static const struct sp_statement lease_to_keep = {
    "INSERT INTO design_lease AS t (account_id, id, task, until) "
    "VALUES ($1::bigint, $2::text, 'KEEP', now() + make_interval(secs => $3::integer)) "
    "ON CONFLICT (account_id, id) DO UPDATE SET task = excluded.task, until = excluded.until "
    "WHERE t.task = 'KEEP' OR t.until < now()"};

static const struct sp_statement lease_to_remove = {
    "INSERT INTO design_lease AS t (account_id, id, task, until) "
    "SELECT $1::bigint, id, 'REMOVE', now() + make_interval(secs => $3::integer) "
    "FROM unnest($2::text[]) id ORDER BY id "
    "ON CONFLICT (account_id, id) DO UPDATE SET task = excluded.task, until = excluded.until "
    "WHERE t.until < now() RETURNING id"};

static const struct sp_statement end_removal = {
    "DELETE FROM design_lease WHERE account_id = $1::bigint AND id = ANY ($2::text[]) "
    "AND task = 'REMOVE'"};

static const struct sp_statement forget_leases = {"DELETE FROM design_lease WHERE until < now()"};

static const struct sp_statement next_account = {
    "SELECT coalesce(min(account_id), 0) FROM account WHERE account_id > $1::bigint"};

enum sp_result store_lease_to_keep(struct sp_db *db, struct sp_error *err, int64_t account_id,
                                   const char *id, bool *taken)
{
    const struct sp_rows *rows =
        sp_query(db, err, &lease_to_keep,
                 SP_PARAMS(sp_int(account_id), sp_cstring(id), sp_int4(DESIGN_KEEP_S)));
    *taken = rows != NULL && sp_rows_affected(rows) == 1;
    return rows == NULL ? sp_db_failure(db) : SP_OK;
}

static struct sp_param ids_param(struct sp_db *db, const struct design_ids *designs)
{
    struct sp_text texts[DESIGN_IDS];
    SP_ASSERT(designs->count <= SP_COUNT(texts));
    for (size_t i = 0; i < designs->count; i++)
        texts[i] = sp_text_of(designs->ids[i]);
    return sp_strings(db, texts, designs->count);
}

enum sp_result store_lease_to_remove(struct sp_db *db, struct sp_error *err,
                                     struct design_ids *designs)
{
    const struct sp_rows *rows = sp_query(
        db, err, &lease_to_remove,
        SP_PARAMS(sp_int(designs->account_id), ids_param(db, designs), sp_int4(DESIGN_REMOVE_S)));
    if (rows == NULL)
        return sp_db_failure(db);
    designs->count = sp_rows_count(rows);
    for (size_t i = 0; i < designs->count; i++)
        (void)snprintf(designs->ids[i], sizeof *designs->ids, "%.*s",
                       SP_FMT(sp_row_text(rows, i, 0)));
    return SP_OK;
}

enum sp_result store_end_removal(struct sp_db *db, struct sp_error *err,
                                 const struct design_ids *designs)
{
    const struct sp_rows *rows = sp_query(
        db, err, &end_removal, SP_PARAMS(sp_int(designs->account_id), ids_param(db, designs)));
    return rows == NULL ? sp_db_failure(db) : SP_OK;
}

enum sp_result store_forget_leases(struct sp_db *db, struct sp_error *err)
{
    return sp_query(db, err, &forget_leases, SP_NO_PARAMS) == NULL ? sp_db_failure(db) : SP_OK;
}

enum sp_result store_next_account(struct sp_db *db, struct sp_error *err, int64_t *account_id)
{
    const struct sp_rows *rows = sp_query(db, err, &next_account, SP_PARAMS(sp_int(*account_id)));
    if (rows == NULL)
        return sp_db_failure(db);
    *account_id = sp_row_int(rows, 0, 0);
    return SP_OK;
}
