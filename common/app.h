/* A running process, seen from its I/O thread: what the gateway builds its public port on. */
#ifndef SAMPAN_APP_H
#define SAMPAN_APP_H

#include "common/loop.h"
#include "common/service.h"

/* Everything here is called on the loop's thread. */
struct sp_loop *sp_app_loop(struct sp_app *app);
const struct sp_config *sp_app_config(struct sp_app *app);
bool sp_app_stopping(const struct sp_app *app);
void *sp_app_own(const struct sp_app *app); /* what the service has hung here; NULL at first */
void sp_app_set_own(struct sp_app *app, void *own);

/* Called once, on the loop's thread: with the answer, or with an empty body and status 503 when no
 * replica is reachable, 504 at the deadline. */
struct sp_on_answer {
    void (*done)(void *context, int status, struct sp_text body);
    void *context;
};

/* Sends an ask to a service.  The ask's texts are copied. */
void sp_app_ask(struct sp_app *app, const char *service, const struct sp_ask *ask,
                int64_t timeout_ms, struct sp_on_answer on_answer);

/* Runs `work` on one of the process's workers (database connection, blocking code allowed), then
 * `done` on the loop's thread. */
void sp_app_work(struct sp_app *app, enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                 void (*done)(void *context, enum sp_result result), void *context);
/* The same for what may take seconds: on the workers for jobs, of which one is left to them where
 * there are several. */
void sp_app_work_long(struct sp_app *app, enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                      void (*done)(void *context, enum sp_result result), void *context);

#endif
