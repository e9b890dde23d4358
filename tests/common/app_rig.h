/* Real processes for a test: services forked with keys, ports and logs of their own, talking over
 * the real bus.  They die with the test, whatever becomes of it. */
#ifndef SAMPAN_APP_RIG_H
#define SAMPAN_APP_RIG_H

#include <sys/types.h>

#include "common/service.h"
#include "common/worker.h"

enum { APP_PATIENCE_MS = 20 * 1000, APP_ANSWER_BYTES = 4096, APP_LOG_BYTES = 64 * 1024 };

struct app_process {
    const struct sp_service *service;
    const char *url; /* of its database */
    int bus_port, admin_port;
    pid_t pid; /* 0: not running */
    char log[128];
};

/* Makes the folder of keys; for .init.  The other ends what still runs and removes everything. */
void app_rig_open(void);
void app_rig_close(void);

/* A process that is not started yet: its ports are known to those that are started from now on. */
struct app_process *app_add(const struct sp_service *service, const char *url);
/* `extra`: NAME=value, NULL-terminated, may be NULL; without SAMPAN_DATABASE_UNSAFE a server for
 * tests is refused. */
void app_start(struct app_process *process, const char *const extra[]);
void app_kill(struct app_process *process, int signal);
/* Its exit code, or minus the signal it died by; aborts the test when it does not end in time. */
int app_wait(struct app_process *process, int64_t patience_ms);

/* The status of /readyz, 0 when nobody answers; the body is kept until the next call. */
int app_readiness(const struct app_process *process, const char **body);
bool app_until_status(const struct app_process *process, int status);
/* What it has logged so far, of all its lives; kept until the next call. */
const char *app_log(const struct app_process *process);

/* Until the statement gives the number, or patience ends. */
bool app_until(struct sp_worker *worker, const char *sql, int64_t wanted);

/* A socket at the process's bus port that says what the test likes, with the keys of a service, or
 * of nobody (NULL).  Close it with app_raw_close. */
struct app_raw {
    void *zmq, *socket;
};
struct app_raw app_raw_open(const struct app_process *to, const char *as);
void app_raw_close(struct app_raw *raw);
struct app_frame {
    const char *data;
    size_t size;
};
/* False when the peer does not let it in, or has no room. */
bool app_raw_send(struct app_raw *raw, const struct app_frame frames[], size_t count);

/* A port that nobody listens on, below those the system hands out. */
int app_free_port(void);
/* Listens on the port until the test ends. */
void app_occupy(int port);

#endif
