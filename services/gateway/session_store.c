#include "services/gateway/session_store.h"

#include <stdio.h>
#include <string.h>

#define IDLE_S (SESSION_IDLE_US / 1000000)
#define ABSOLUTE_S (SESSION_ABSOLUTE_US / 1000000)
#define FORGET_S (THROTTLE_FORGET_US / 1000000)

static const struct sp_statement find_login = {"SELECT account_id, person_id, password_hash FROM "
                                               "login JOIN person USING (account_id, person_id) "
                                               "WHERE login = lower($1::text)"};

static const struct sp_statement put_session = {
    "INSERT INTO session (token_hash, account_id, person_id) VALUES ($1::bytea, $2::bigint, "
    "$3::bigint)"};

static const struct sp_statement find_session = {
    "SELECT now(), s.started, s.seen, account_id, person_id, p.role, l.login, a.name, a.time_zone, "
    "a.currency, a.language FROM session s JOIN person p USING (account_id, person_id) "
    "JOIN login l USING (account_id, person_id) JOIN account a USING (account_id) "
    "WHERE s.token_hash = $1::bytea AND a.state = 'ACTIVE'"};

static const struct sp_statement touch_session = {
    "UPDATE session SET seen = now() WHERE token_hash = $1::bytea AND seen < now()"};

static const struct sp_statement drop_session = {
    "DELETE FROM session WHERE token_hash = $1::bytea"};

/* The update changes nothing: it is there for the lock. */
static const struct sp_statement lock_tries = {
    "INSERT INTO sign_in_try AS t (kind, subject) SELECT kind, subject "
    "FROM unnest($1::sign_in_try_row[]) ORDER BY kind, subject "
    "ON CONFLICT (kind, subject) DO UPDATE SET tries = t.tries "
    "RETURNING kind, tries, last_try, blocked_until, clock_timestamp()"};

static const struct sp_statement save_tries = {
    "UPDATE sign_in_try t SET tries = r.tries, last_try = r.last_try, "
    "blocked_until = coalesce(r.blocked_until, 'epoch') FROM unnest($1::sign_in_try_row[]) r "
    "WHERE t.kind = r.kind AND t.subject = r.subject"};

static const struct sp_statement forgive_login = {
    "DELETE FROM sign_in_try WHERE kind = 'login' AND subject = $1::text"};

static const struct sp_statement forgive_address = {
    "UPDATE sign_in_try SET tries = greatest(tries - 1, 0) "
    "WHERE kind = 'address' AND subject = $1::text"};

static const struct sp_statement forget_sessions = {
    "DELETE FROM session WHERE seen <= now() - make_interval(secs => $1::integer) "
    "OR started <= now() - make_interval(secs => $2::integer)"};

static const struct sp_statement forget_tries = {
    "DELETE FROM sign_in_try WHERE last_try <= now() - make_interval(secs => $1::integer) "
    "AND blocked_until <= now()"};

static const struct sp_statement forget_links = {
    "DELETE FROM setup_link WHERE made <= now() - interval '24 hours'"};

static struct sp_param hash_param(const struct token_hash *token)
{
    return sp_string((struct sp_text){(const char *)token->bytes, sizeof token->bytes});
}

static void copy_text(char *to, size_t size, const struct sp_rows *rows, int column)
{
    (void)snprintf(to, size, "%.*s", SP_FMT(sp_row_text(rows, 0, column)));
}

enum sp_result store_find_login(struct sp_db *db, struct sp_error *err, struct sp_text login,
                                struct login_row *row, bool *found)
{
    const struct sp_rows *rows = sp_query(db, err, &find_login, SP_PARAMS(sp_string(login)));
    if (rows == NULL)
        return sp_db_failure(db);
    *found = sp_rows_count(rows) == 1;
    if (!*found)
        return SP_OK;
    row->account_id = sp_row_int(rows, 0, 0);
    row->person_id = sp_row_int(rows, 0, 1);
    copy_text(row->password_hash, sizeof row->password_hash, rows, 2);
    return SP_OK;
}

void store_put_session(struct sp_db *db, const struct token_hash *token, int64_t account_id,
                       int64_t person_id)
{
    (void)sp_queue(db, &put_session,
                   SP_PARAMS(hash_param(token), sp_int(account_id), sp_int(person_id)));
}

enum sp_result store_find_session(struct sp_db *db, struct sp_error *err, struct person *person,
                                  struct session_times *times, bool *found)
{
    const struct sp_rows *rows =
        sp_query(db, err, &find_session, SP_PARAMS(hash_param(&person->token)));
    if (rows == NULL)
        return sp_db_failure(db);
    *found = sp_rows_count(rows) == 1;
    if (!*found)
        return SP_OK;
    *times = (struct session_times){sp_row_time(rows, 0, 0), sp_row_time(rows, 0, 1),
                                    sp_row_time(rows, 0, 2)};
    person->account_id = sp_row_int(rows, 0, 3);
    person->person_id = sp_row_int(rows, 0, 4);
    int role = role_of(sp_row_text(rows, 0, 5));
    if (role < 0)
        return sp_fail(err, SP_REJECT, "a role in the database that this version does not know");
    person->role = (enum role)role;
    person->ends_us = times->started_us + SESSION_ABSOLUTE_US;
    copy_text(person->login, sizeof person->login, rows, 6);
    copy_text(person->account_name, sizeof person->account_name, rows, 7);
    copy_text(person->time_zone, sizeof person->time_zone, rows, 8);
    copy_text(person->currency, sizeof person->currency, rows, 9);
    copy_text(person->language, sizeof person->language, rows, 10);
    return SP_OK;
}

enum sp_result store_touch_session(struct sp_db *db, struct sp_error *err,
                                   const struct token_hash *token)
{
    (void)sp_queue(db, &touch_session, SP_PARAMS(hash_param(token)));
    return sp_run(db, err);
}

enum sp_result store_drop_session(struct sp_db *db, struct sp_error *err,
                                  const struct token_hash *token)
{
    (void)sp_queue(db, &drop_session, SP_PARAMS(hash_param(token)));
    return sp_run(db, err);
}

static struct sp_set *tries_set(struct sp_db *db, const char *const subjects[THROTTLE_KINDS],
                                const struct throttle throttles[THROTTLE_KINDS])
{
    struct sp_set *set = sp_set_open(db, "sign_in_try_row");
    for (int kind = 0; kind < THROTTLE_KINDS; kind++) {
        sp_set_row(set);
        sp_set_string(set, sp_text_of(throttle_kind_name((enum throttle_kind)kind)));
        sp_set_string(set, sp_text_of(subjects[kind]));
        sp_set_int(set, throttles[kind].tries);
        sp_set_time(set, throttles[kind].last_us);
        sp_set_time(set, throttles[kind].blocked_until_us);
    }
    return set;
}

enum sp_result store_lock_tries(struct sp_db *db, struct sp_error *err,
                                const char *const subjects[THROTTLE_KINDS],
                                struct throttle throttles[THROTTLE_KINDS], int64_t *now_us)
{
    struct sp_set *set = tries_set(db, subjects, throttles);
    const struct sp_rows *rows = sp_query(db, err, &lock_tries, SP_PARAMS(sp_set(set)));
    if (rows == NULL)
        return sp_db_failure(db);
    for (size_t row = 0; row < sp_rows_count(rows); row++) {
        bool address = sp_text_is(sp_row_text(rows, row, 0), throttle_kind_name(THROTTLE_ADDRESS));
        throttles[address ? THROTTLE_ADDRESS : THROTTLE_LOGIN] = (struct throttle){
            sp_row_int(rows, row, 1), sp_row_time(rows, row, 2), sp_row_time(rows, row, 3)};
        *now_us = sp_row_time(rows, row, 4);
    }
    return SP_OK;
}

void store_save_tries(struct sp_db *db, const char *const subjects[THROTTLE_KINDS],
                      const struct throttle throttles[THROTTLE_KINDS])
{
    struct sp_set *set = tries_set(db, subjects, throttles);
    (void)sp_queue(db, &save_tries, SP_PARAMS(sp_set(set)));
}

void store_forgive_tries(struct sp_db *db, const char *const subjects[THROTTLE_KINDS])
{
    (void)sp_queue(db, &forgive_address, SP_PARAMS(sp_cstring(subjects[THROTTLE_ADDRESS])));
    (void)sp_queue(db, &forgive_login, SP_PARAMS(sp_cstring(subjects[THROTTLE_LOGIN])));
}

enum sp_result store_forget_ended(struct sp_db *db, struct sp_error *err)
{
    (void)sp_queue(db, &forget_sessions,
                   SP_PARAMS(sp_int4((int32_t)IDLE_S), sp_int4((int32_t)ABSOLUTE_S)));
    (void)sp_queue(db, &forget_tries, SP_PARAMS(sp_int4((int32_t)FORGET_S)));
    (void)sp_queue(db, &forget_links, SP_NO_PARAMS);
    return sp_run(db, err);
}
