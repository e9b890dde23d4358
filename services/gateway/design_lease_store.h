/* Leases on print files, in the database that all replicas share. */
#ifndef GATEWAY_DESIGN_LEASE_STORE_H
#define GATEWAY_DESIGN_LEASE_STORE_H

#include "common/db.h"
#include "services/gateway/design_file.h"

enum {
    DESIGN_KEEP_S = 15 * 60, /* longer than storing a file and telling of it may take */
    DESIGN_REMOVE_S = 5 * 60,
    DESIGN_IDS = 200, /* at a time */
};

/* Some designs of one account. */
struct design_ids {
    int64_t account_id;
    char (*ids)[DESIGN_ID_LETTERS + 1];
    size_t count;
};

/* Until the lease ends nobody removes the design.  `*taken` false: somebody is removing it. */
enum sp_result store_lease_to_keep(struct sp_db *db, struct sp_error *err, int64_t account_id,
                                   const char *id, bool *taken) SP_MUST_USE;
/* Until the leases end nobody stores these: leaves in `designs` those that it got. */
enum sp_result store_lease_to_remove(struct sp_db *db, struct sp_error *err,
                                     struct design_ids *designs) SP_MUST_USE;
enum sp_result store_end_removal(struct sp_db *db, struct sp_error *err,
                                 const struct design_ids *designs) SP_MUST_USE;
enum sp_result store_forget_leases(struct sp_db *db, struct sp_error *err) SP_MUST_USE;

/* The account behind that one; 0: there is none. */
enum sp_result store_next_account(struct sp_db *db, struct sp_error *err,
                                  int64_t *account_id) SP_MUST_USE;

#endif
