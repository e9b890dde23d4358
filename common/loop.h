/* The I/O thread's loop on CZMQ's zloop: sockets, timers, signals, calls from other threads. */
#ifndef SAMPAN_LOOP_H
#define SAMPAN_LOOP_H

#include "common/base.h"

struct sp_loop;

/* Blocks every signal of the process (call before starting threads) and watches SIGTERM and SIGINT
 * by a signalfd: zloop of CZMQ 4.2.1 leaves its loop on EINTR, so no signal may ever reach it.
 * `on_stop` is called at the first signal; a second ends the process at once with exit code 1. */
struct sp_loop *sp_loop_open(void (*on_stop)(void *context), void *context);
void sp_loop_close(struct sp_loop **loop); /* what was posted and has not run never will */

void sp_loop_run(struct sp_loop *loop);  /* until sp_loop_stop */
void sp_loop_stop(struct sp_loop *loop); /* from the loop's thread */

typedef void sp_loop_ready(void *context);
/* Calls `ready` while the descriptor is readable (level-triggered). */
void sp_loop_watch_fd(struct sp_loop *loop, int fd, sp_loop_ready *ready, void *context);
void sp_loop_unwatch_fd(struct sp_loop *loop, int fd);
/* For a raw libzmq socket: `ready` receives until nothing is there, or says that it has used it. */
void sp_loop_watch_socket(struct sp_loop *loop, void *socket, sp_loop_ready *ready, void *context);
void sp_loop_unwatch_socket(struct sp_loop *loop, void *socket);
/* To be called after sending on a watched socket, and after leaving something unread: `ready` is
 * called once more before the loop sleeps.  Without it what comes may lie until more comes. */
void sp_loop_used_socket(struct sp_loop *loop, const void *socket);
/* Every `ms`; returns an id for sp_loop_cancel. */
int sp_loop_every(struct sp_loop *loop, int64_t ms, sp_loop_ready *tick, void *context);
void sp_loop_cancel(struct sp_loop *loop, int timer);

/* From any thread: `call(context)` runs soon on the loop's thread, in the order posted.  Never
 * blocks. */
void sp_loop_post(struct sp_loop *loop, sp_loop_ready *call, void *context);

/* Since the loop last turned, for /healthz; from any thread. */
int64_t sp_loop_age_ms(const struct sp_loop *loop);

#endif
