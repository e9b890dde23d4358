/* One worker: a database connection, an arena, and the one way in which messages, asks and jobs are
 * run.  The process's threads use it, and so do the tests: what a test feeds takes the same path as
 * what comes over the bus. */
#ifndef SAMPAN_WORKER_H
#define SAMPAN_WORKER_H

#include "common/service.h"

struct sp_worker;

/* A parcel that has been committed to the outbox and should now be sent. */
struct sp_outgoing {
    uint8_t id[16];
    const char *dest;
    const char *type;
    char *body; /* malloc'ed; belongs to whoever was handed the parcel */
    size_t size;
    int tries;
};

/* What a worker needs of the process around it; every function may be NULL (tests). Called on the
 * worker's thread. */
struct sp_host {
    void *context;
    /* True when this many parcels for the destination are already held in memory: the next one is
     * left to the sweeper. */
    bool (*full)(void *context, const char *dest);
    /* Takes the parcels over after the commit. */
    void (*hand_over)(void *context, struct sp_outgoing parcels[], size_t count);
    /* How many more parcels for `dest` memory would take; 0 while none of its replicas is
     * reachable. */
    size_t (*room)(void *context, const char *dest);
    /* Parcels for `dest` were stored beyond what memory holds. */
    void (*overflowed)(void *context, const char *dest);
    void (*wake)(void *context, const char *job);
    bool (*stopping)(void *context);
    bool (*ready)(void *context); /* what /readyz says */
    int64_t started_us;           /* sp_monotonic_us when the process began */
};

/* A parcel as it came over the bus. */
struct sp_incoming {
    uint8_t id[16];
    struct sp_text type;
    struct sp_text body; /* must stay valid during the call */
    int tries;           /* sends that ended with the receiver's death */
};

struct sp_worker *sp_worker_open(const struct sp_service *service, const struct sp_config *config,
                                 const char *database_url, const struct sp_host *host);
void sp_worker_close(struct sp_worker **worker);

/* Applies parcels of one type as one batch (several transactions only when something is rejected,
 * put off, or suspicious).  SP_OK: committed, acknowledge.  SP_RETRY: nothing is known to be kept,
 * try again later.  Never SP_REJECT: what cannot be processed has become a dead letter. */
enum sp_result sp_worker_parcels(struct sp_worker *worker, const struct sp_incoming parcels[],
                                 size_t count) SP_MUST_USE;

/* Answers asks of one name in one transaction (one of them unless the route has run_many).
 * `answers` are filled in; the caller frees their bodies. */
void sp_worker_asks(struct sp_worker *worker, const struct sp_ask asks[],
                    struct sp_answer answers[], size_t count);

/* Runs a job once. */
enum sp_result sp_worker_job(struct sp_worker *worker, const char *name) SP_MUST_USE;
/* Runs a function like a job: for the gateway's own work. */
enum sp_result sp_worker_call(struct sp_worker *worker,
                              enum sp_result (*work)(struct sp_ctx *ctx, void *context),
                              void *context) SP_MUST_USE;

struct sp_db *sp_worker_db(struct sp_worker *worker);
const struct sp_error *sp_worker_error(const struct sp_worker *worker);

/* For tests: encodes `count` structs as one parcel and applies it. */
enum sp_result sp_worker_feed(struct sp_worker *worker, const struct sp_message *message,
                              const void *values, size_t count) SP_MUST_USE;

/* Jobs that every service has: sweep, later, prune, gauges; outbox deletion is the bus's. Generated
 * asks: <service>.system, <service>.dead-letters, <service>.replay. */
extern const struct sp_job sp_common_jobs[];
const struct sp_ask_route *sp_ask_route_find(const struct sp_service *service, struct sp_text name);
const struct sp_job *sp_job_find(const struct sp_service *service, const char *name);
const struct sp_route *sp_route_find(const struct sp_service *service, struct sp_text type);

#endif
