/* Sessions, logins and counted tries in the database. */
#ifndef GATEWAY_SESSION_STORE_H
#define GATEWAY_SESSION_STORE_H

#include "common/db.h"
#include "services/gateway/session.h"
#include "services/gateway/throttle.h"

/* What is stored of a session, by the database's clock. */
struct session_times {
    int64_t now_us, started_us, seen_us;
};

/* Whoever has this login, in any case of its letters; `*found` false: nobody. */
struct login_row {
    int64_t account_id, person_id;
    char password_hash[128];
};
enum sp_result store_find_login(struct sp_db *db, struct sp_error *err, struct sp_text login,
                                struct login_row *row, bool *found) SP_MUST_USE;

/* Queues a new session. */
void store_put_session(struct sp_db *db, const struct token_hash *token, int64_t account_id,
                       int64_t person_id);
/* `person->token` says which; the rest is filled in.  `*found` false: there is no such row. */
enum sp_result store_find_session(struct sp_db *db, struct sp_error *err, struct person *person,
                                  struct session_times *times, bool *found) SP_MUST_USE;
enum sp_result store_touch_session(struct sp_db *db, struct sp_error *err,
                                   const struct token_hash *token) SP_MUST_USE;
enum sp_result store_drop_session(struct sp_db *db, struct sp_error *err,
                                  const struct token_hash *token) SP_MUST_USE;

/* Within a transaction: what is remembered of the subjects, by kind, their rows locked, and the
 * time. */
enum sp_result store_lock_tries(struct sp_db *db, struct sp_error *err,
                                const char *const subjects[THROTTLE_KINDS],
                                struct throttle throttles[THROTTLE_KINDS],
                                int64_t *now_us) SP_MUST_USE;
/* Queues what is remembered from now on. */
void store_save_tries(struct sp_db *db, const char *const subjects[THROTTLE_KINDS],
                      const struct throttle throttles[THROTTLE_KINDS]);
/* Queues: it was the right password.  The login starts anew, the network gets its try back. */
void store_forgive_tries(struct sp_db *db, const char *const subjects[THROTTLE_KINDS]);

/* Removes ended sessions, forgotten tries and dead links. */
enum sp_result store_forget_ended(struct sp_db *db, struct sp_error *err) SP_MUST_USE;

#endif
