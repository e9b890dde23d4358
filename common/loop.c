/* The I/O thread's loop on CZMQ's zloop, with what zloop leaves open: signals by a signalfd, calls
 * from other threads by an eventfd, going on after EINTR, and sockets watched by their descriptors.
 *
 * zmq_poll asks every socket twice whenever anything at all happens.  Their descriptors (ZMQ_FD)
 * wake the loop as well, but tell only that libzmq's thread left word; whoever calls the socket
 * takes that word, whatever it was about.  So `ready` reads to the end, and a socket that was used
 * otherwise is read once more before the loop sleeps. */
#include "common/loop.h"

#include <czmq.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

enum {
    MAX_WATCHES = 1024,
    MAX_TIMERS = 256,
    MAX_POSTED = 1024 * 1024, /* calls waiting; a service posts a few for each unit in hand */
    TURN_MS = 500,            /* how often an idle loop proves that it turns */
};

struct call {
    sp_loop_ready *run;
    void *context;
};

struct calls {
    struct call *list;
    size_t count, capacity;
};

struct watch {
    struct sp_loop *loop;
    void *socket; /* or NULL */
    int fd;       /* the socket's, when there is one */
    bool used;
    struct call ready;
    struct watch *next;
};

struct timer {
    int id;
    int64_t every_us, due_us;
    struct call tick;
    struct timer *next;
};

struct sp_loop {
    zloop_t *zloop;
    bool stopped;
    struct watch *watches;
    size_t watch_count;
    bool used; /* some socket was, since it was read */
    struct timer *timers;
    size_t timer_count;
    int *cancelled; /* timers to take from zloop outside its walk over them */
    size_t cancelled_count;
    void (*on_stop)(void *context);
    void *stop_context;
    int signals; /* signalfd */
    bool signalled;
    int wake;             /* eventfd */
    pthread_mutex_t lock; /* guards posted */
    struct calls posted, running;
    _Atomic int64_t turned_us;
};

/* ---- calls from other threads ---------------------------------------------------------------- */

static void turned(void *context)
{
    struct sp_loop *loop = context;
    atomic_store_explicit(&loop->turned_us, sp_monotonic_us(), memory_order_relaxed);
}

static void ring(struct sp_loop *loop)
{
    const uint64_t one = 1;
    SP_ASSERT(write(loop->wake, &one, sizeof one) == (ssize_t)sizeof one);
}

static void run_posted(void *context)
{
    struct sp_loop *loop = context;
    uint64_t rung;
    /* Nothing to read is no failure: the posts may have been run by the turn before. */
    if (read(loop->wake, &rung, sizeof rung) < 0)
        SP_ASSERT(errno == EAGAIN || errno == EINTR);
    pthread_mutex_lock(&loop->lock);
    struct calls now = loop->posted;
    loop->posted = loop->running;
    pthread_mutex_unlock(&loop->lock);
    /* What these calls post waits for the next turn, so sockets and timers are never starved. */
    for (size_t i = 0; i < now.count; i++)
        now.list[i].run(now.list[i].context);
    now.count = 0;
    loop->running = now;
}

void sp_loop_post(struct sp_loop *loop, sp_loop_ready *call, void *context)
{
    pthread_mutex_lock(&loop->lock);
    struct calls *posted = &loop->posted;
    SP_ASSERT(posted->count < MAX_POSTED);
    if (posted->count == posted->capacity) {
        posted->capacity = posted->capacity == 0 ? 64 : posted->capacity * 2;
        posted->list = sp_realloc(posted->list, posted->capacity * sizeof *posted->list);
    }
    posted->list[posted->count++] = (struct call){call, context};
    bool first = posted->count == 1;
    pthread_mutex_unlock(&loop->lock);
    if (first)
        ring(loop);
}

/* ---- descriptors and sockets ------------------------------------------------------------------
 */

static struct watch *used_watch(struct sp_loop *loop)
{
    struct watch *watch = loop->watches;
    while (watch != NULL && !watch->used)
        watch = watch->next;
    return watch;
}

/* As often as there are sockets at most: two that keep each other busy do not starve the others. */
static void read_used(struct sp_loop *loop)
{
    struct watch *watch;
    for (size_t i = 0; loop->used && i < loop->watch_count; i++) {
        watch = used_watch(loop);
        loop->used = watch != NULL;
        if (watch == NULL)
            return;
        watch->used = false;
        watch->ready.run(watch->ready.context);
    }
    if (loop->used)
        ring(loop);
}

static int on_ready(zloop_t *zloop, zmq_pollitem_t *item, void *argument)
{
    (void)zloop;
    (void)item;
    /* The call may end its own watch, so nothing of it is used afterwards. */
    struct watch *watch = argument;
    struct sp_loop *loop = watch->loop;
    watch->used = false;
    watch->ready.run(watch->ready.context);
    read_used(loop);
    return loop->stopped ? -1 : 0;
}

static void add_watch(struct sp_loop *loop, void *socket, int fd, struct call ready)
{
    SP_ASSERT(loop->watch_count < MAX_WATCHES);
    struct watch *watch = sp_alloc(sizeof *watch);
    *watch = (struct watch){loop, socket, fd, false, ready, loop->watches};
    loop->watches = watch;
    loop->watch_count++;
    zmq_pollitem_t item = {.fd = fd, .events = ZMQ_POLLIN};
    SP_ASSERT(zloop_poller(loop->zloop, &item, on_ready, watch) == 0);
    /* Or zloop drops the poller silently when its descriptor reports an error. */
    zloop_poller_set_tolerant(loop->zloop, &item);
}

static int fd_of(void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    SP_ASSERT(zmq_getsockopt(socket, ZMQ_FD, &fd, &size) == 0);
    return fd;
}

void sp_loop_watch_fd(struct sp_loop *loop, int fd, sp_loop_ready *ready, void *context)
{
    add_watch(loop, NULL, fd, (struct call){ready, context});
}

void sp_loop_unwatch_fd(struct sp_loop *loop, int fd)
{
    for (struct watch **at = &loop->watches; *at != NULL; at = &(*at)->next) {
        struct watch *watch = *at;
        if (watch->fd != fd)
            continue;
        zmq_pollitem_t item = {.fd = fd, .events = ZMQ_POLLIN};
        zloop_poller_end(loop->zloop, &item);
        *at = watch->next;
        loop->watch_count--;
        free(watch);
        return;
    }
}

void sp_loop_watch_socket(struct sp_loop *loop, void *socket, sp_loop_ready *ready, void *context)
{
    add_watch(loop, socket, fd_of(socket), (struct call){ready, context});
    /* A pipe announces what comes only after someone has looked in vain. */
    sp_loop_used_socket(loop, socket);
}

void sp_loop_unwatch_socket(struct sp_loop *loop, void *socket)
{
    sp_loop_unwatch_fd(loop, fd_of(socket));
}

void sp_loop_used_socket(struct sp_loop *loop, const void *socket)
{
    for (struct watch *watch = loop->watches; watch != NULL; watch = watch->next) {
        if (watch->socket == socket) {
            watch->used = true;
            loop->used = true;
        }
    }
}

/* ---- timers ------------------------------------------------------------------------------------
 */

static struct timer **find_timer(struct sp_loop *loop, int id)
{
    struct timer **at = &loop->timers;
    while (*at != NULL && (*at)->id != id)
        at = &(*at)->next;
    return at;
}

static int on_timer(zloop_t *zloop, int id, void *argument)
{
    (void)zloop;
    struct sp_loop *loop = argument;
    struct timer *timer = *find_timer(loop, id);
    int64_t now = sp_monotonic_us();
    /* zloop makes up for every tick missed while the process stood still; one is enough. */
    if (timer == NULL || now < timer->due_us)
        return 0;
    timer->due_us = now + timer->every_us / 2;
    timer->tick.run(timer->tick.context);
    read_used(loop);
    return loop->stopped ? -1 : 0;
}

int sp_loop_every(struct sp_loop *loop, int64_t ms, sp_loop_ready *tick, void *context)
{
    SP_ASSERT(ms > 0 && loop->timer_count < MAX_TIMERS);
    int id = zloop_timer(loop->zloop, (size_t)ms, 0, on_timer, loop);
    SP_ASSERT(id != -1);
    struct timer *timer = sp_alloc(sizeof *timer);
    *timer = (struct timer){id, ms * 1000, 0, {tick, context}, loop->timers};
    loop->timers = timer;
    loop->timer_count++;
    return id;
}

static void drop_cancelled(void *context)
{
    struct sp_loop *loop = context;
    for (size_t i = 0; i < loop->cancelled_count; i++)
        (void)zloop_timer_end(loop->zloop, loop->cancelled[i]);
    loop->cancelled_count = 0;
}

void sp_loop_cancel(struct sp_loop *loop, int id)
{
    struct timer **at = find_timer(loop, id);
    struct timer *timer = *at;
    if (timer == NULL)
        return;
    *at = timer->next;
    loop->timer_count--;
    free(timer);
    /* Not at once: called from a tick, a zloop that was started again would free the timer that it
     * stands on. */
    loop->cancelled =
        sp_realloc(loop->cancelled, (loop->cancelled_count + 1) * sizeof *loop->cancelled);
    loop->cancelled[loop->cancelled_count++] = id;
    if (loop->cancelled_count == 1)
        sp_loop_post(loop, drop_cancelled, loop);
}

/* ---- signals ------------------------------------------------------------------------------------
 */

static void block_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    /* These come from the instruction itself: blocked, they would end the process without a word.
     */
    static const int own_faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < SP_COUNT(own_faults); i++)
        sigdelset(&all, own_faults[i]);
    SP_ASSERT(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
}

static void on_signal(void *context)
{
    struct sp_loop *loop = context;
    struct signalfd_siginfo info;
    while (read(loop->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (loop->signalled)
            _exit(1);
        loop->signalled = true;
        loop->on_stop(loop->stop_context);
    }
}

/* ---- the loop
 * ------------------------------------------------------------------------------------ */

struct sp_loop *sp_loop_open(void (*on_stop)(void *context), void *context)
{
    block_signals();
    struct sp_loop *loop = sp_alloc(sizeof *loop);
    loop->on_stop = on_stop;
    loop->stop_context = context;
    SP_ASSERT(pthread_mutex_init(&loop->lock, NULL) == 0);
    loop->zloop = zloop_new();
    SP_ASSERT(loop->zloop != NULL);
    /* CZMQ's own idea of being interrupted plays no part. */
    zloop_set_nonstop(loop->zloop, true);

    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    loop->signals = signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC);
    loop->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    SP_ASSERT(loop->signals >= 0 && loop->wake >= 0);
    sp_loop_watch_fd(loop, loop->signals, on_signal, loop);
    sp_loop_watch_fd(loop, loop->wake, run_posted, loop);

    turned(loop);
    (void)sp_loop_every(loop, TURN_MS, turned, loop);
    return loop;
}

void sp_loop_close(struct sp_loop **loop_address)
{
    struct sp_loop *loop = *loop_address;
    if (loop == NULL)
        return;
    drop_cancelled(loop);
    zloop_destroy(&loop->zloop);
    while (loop->watches != NULL) {
        struct watch *watch = loop->watches;
        loop->watches = watch->next;
        free(watch);
    }
    while (loop->timers != NULL) {
        struct timer *timer = loop->timers;
        loop->timers = timer->next;
        free(timer);
    }
    close(loop->signals);
    close(loop->wake);
    pthread_mutex_destroy(&loop->lock);
    free(loop->posted.list);
    free(loop->running.list);
    free(loop->cancelled);
    free(loop);
    *loop_address = NULL;
}

void sp_loop_run(struct sp_loop *loop)
{
    while (!loop->stopped) {
        read_used(loop);
        errno = 0;
        (void)zloop_start(loop->zloop);
        /* SIGCONT after SIGSTOP, and debuggers, interrupt the wait even with every signal blocked.
         */
        if (!loop->stopped)
            SP_ASSERT(errno == EINTR);
    }
    loop->stopped = false; /* it may run again */
}

void sp_loop_stop(struct sp_loop *loop)
{
    loop->stopped = true;
}

int64_t sp_loop_age_ms(const struct sp_loop *loop)
{
    int64_t turned_us = atomic_load_explicit(&loop->turned_us, memory_order_relaxed);
    return (sp_monotonic_us() - turned_us) / 1000;
}
