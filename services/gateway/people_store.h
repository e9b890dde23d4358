/* Accounts, people and set-up links in the database. */
#ifndef GATEWAY_PEOPLE_STORE_H
#define GATEWAY_PEOPLE_STORE_H

#include "common/db.h"
#include "services/gateway/session.h"

/* The account and owner that set-up makes. */
struct new_account {
    int64_t account_id, person_id;
    struct sp_text name, time_zone, currency, language;
    struct sp_text login; /* folded to lower case here */
    const char *password_hash;
    int64_t rev_floor; /* sp_rev_floor */
    int64_t rev;       /* out: of the account's row */
};

/* Whether anybody is set up. */
enum sp_result store_has_people(struct sp_db *db, struct sp_error *err, bool *any) SP_MUST_USE;
bool store_knows_time_zone(struct sp_db *db, struct sp_error *err, struct sp_text name);

/* Keeps a link for 24 hours, and forgets older ones.  `*put` false: people are set up already. */
enum sp_result store_put_setup_link(struct sp_db *db, struct sp_error *err,
                                    const struct token_hash *token, bool *put) SP_MUST_USE;
enum sp_result store_has_setup_link(struct sp_db *db, struct sp_error *err,
                                    const struct token_hash *token, bool *live) SP_MUST_USE;

/* Within a transaction: takes the link, and all others with it.  `*taken` false: it was not live.
 */
enum sp_result store_take_setup_link(struct sp_db *db, struct sp_error *err,
                                     const struct token_hash *token, bool *taken) SP_MUST_USE;
/* Within a transaction: account, owner, login.  `*made` false: the account exists already. */
enum sp_result store_make_account(struct sp_db *db, struct sp_error *err,
                                  struct new_account *account, bool *made) SP_MUST_USE;

#endif
