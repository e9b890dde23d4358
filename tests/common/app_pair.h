/* Two services over the real bus, each with a database of its own: a sender, whose job turns what
 * stands in its table `wish` into order.recorded, and the sample service, which receives it. */
#ifndef SAMPAN_TEST_APP_PAIR_H
#define SAMPAN_TEST_APP_PAIR_H

#include "common/worker.h"
#include "tests/common/app_rig.h"

enum { PARCEL = 20, FULL_PARCEL = 200 };

extern size_t pair_at_once; /* wishes in a parcel, FULL_PARCEL at most */
extern struct app_process *sender, *receiver;
extern struct sp_worker *at_sender, *at_receiver; /* for looking into their databases */
extern const char *const unsafe[];                /* settings for a server without fsync */
extern const char count_seen[], count_outbox[];   /* SQL */

extern const struct sp_migration sender_migrations[];
extern const struct sp_service sender_service;

/* One more process with a database of its own, made by `migrations`. */
struct app_process *pair_add(const struct sp_service *service,
                             const struct sp_migration migrations[], struct sp_worker **at);
void pair_open(void); /* nothing runs yet */
void pair_close(void);

void wish(int count);
/* Each batch of the receiver takes this long, so that a test can meet it at work. */
void slow_receiver(const char *seconds);

/* Nothing lost, nothing twice: each order once in the receiver's table, changed once, passed on
 * once. */
void expect_all_once(int count);
/* Waits for the words in the log. */
bool says(const struct app_process *process, const char *words);

#endif
