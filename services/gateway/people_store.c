#include "services/gateway/people_store.h"

static const struct sp_statement has_people = {"SELECT EXISTS (SELECT FROM person)"};

static const struct sp_statement knows_time_zone = {
    "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1::text)"};

static const struct sp_statement forget_old_links = {
    "DELETE FROM setup_link WHERE made <= now() - interval '24 hours'"};

static const struct sp_statement put_link = {
    "INSERT INTO setup_link (token_hash) SELECT $1::bytea WHERE NOT EXISTS (SELECT FROM person)"};

static const struct sp_statement has_link = {
    "SELECT EXISTS (SELECT FROM setup_link WHERE token_hash = $1::bytea "
    "AND made > now() - interval '24 hours')"};

static const struct sp_statement take_link = {
    "DELETE FROM setup_link WHERE token_hash = $1::bytea AND made > now() - interval '24 hours'"};

static const struct sp_statement take_other_links = {"DELETE FROM setup_link"};

static const struct sp_statement make_account = {
    "INSERT INTO account (account_id, name, time_zone, currency, language, rev) "
    "VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, greatest(1, $6::bigint)) "
    "ON CONFLICT (account_id) DO NOTHING RETURNING rev"};

static const struct sp_statement make_owner = {
    "INSERT INTO person (account_id, person_id, role, password_hash) "
    "VALUES ($1::bigint, $2::bigint, 'OWNER', $3::text)"};

static const struct sp_statement make_login = {"INSERT INTO login (login, account_id, person_id) "
                                               "VALUES (lower($1::text), $2::bigint, $3::bigint)"};

static struct sp_param hash_param(const struct token_hash *token)
{
    return sp_string((struct sp_text){(const char *)token->bytes, sizeof token->bytes});
}

enum sp_result store_has_people(struct sp_db *db, struct sp_error *err, bool *any)
{
    const struct sp_rows *rows = sp_query(db, err, &has_people, SP_NO_PARAMS);
    if (rows == NULL)
        return sp_db_failure(db);
    *any = sp_row_bool(rows, 0, 0);
    return SP_OK;
}

bool store_knows_time_zone(struct sp_db *db, struct sp_error *err, struct sp_text name)
{
    const struct sp_rows *rows = sp_query(db, err, &knows_time_zone, SP_PARAMS(sp_string(name)));
    return rows != NULL && sp_row_bool(rows, 0, 0);
}

enum sp_result store_put_setup_link(struct sp_db *db, struct sp_error *err,
                                    const struct token_hash *token, bool *put)
{
    (void)sp_queue(db, &forget_old_links, SP_NO_PARAMS);
    int slot = sp_queue(db, &put_link, SP_PARAMS(hash_param(token)));
    enum sp_result result = sp_run(db, err);
    if (result == SP_OK)
        *put = sp_rows_affected(sp_result(db, slot)) == 1;
    return result;
}

enum sp_result store_has_setup_link(struct sp_db *db, struct sp_error *err,
                                    const struct token_hash *token, bool *live)
{
    const struct sp_rows *rows = sp_query(db, err, &has_link, SP_PARAMS(hash_param(token)));
    if (rows == NULL)
        return sp_db_failure(db);
    *live = sp_row_bool(rows, 0, 0);
    return SP_OK;
}

enum sp_result store_take_setup_link(struct sp_db *db, struct sp_error *err,
                                     const struct token_hash *token, bool *taken)
{
    int slot = sp_queue(db, &take_link, SP_PARAMS(hash_param(token)));
    (void)sp_queue(db, &take_other_links, SP_NO_PARAMS);
    enum sp_result result = sp_run(db, err);
    if (result == SP_OK)
        *taken = sp_rows_affected(sp_result(db, slot)) == 1;
    return result;
}

enum sp_result store_make_account(struct sp_db *db, struct sp_error *err,
                                  struct new_account *account, bool *made)
{
    const struct sp_rows *rows =
        sp_query(db, err, &make_account,
                 SP_PARAMS(sp_int(account->account_id), sp_string(account->name),
                           sp_string(account->time_zone), sp_string(account->currency),
                           sp_string(account->language), sp_int(account->rev_floor)));
    if (rows == NULL)
        return sp_db_failure(db);
    *made = sp_rows_count(rows) == 1;
    if (!*made)
        return SP_OK;
    account->rev = sp_row_int(rows, 0, 0);
    (void)sp_queue(db, &make_owner,
                   SP_PARAMS(sp_int(account->account_id), sp_int(account->person_id),
                             sp_cstring(account->password_hash)));
    (void)sp_queue(db, &make_login,
                   SP_PARAMS(sp_string(account->login), sp_int(account->account_id),
                             sp_int(account->person_id)));
    return sp_run(db, err);
}
