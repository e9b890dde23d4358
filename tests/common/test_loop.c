/* The loop: calls from other threads, timers, descriptors, signals, interruptions. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "common/loop.h"

enum { POSTS = 10000 };

static struct sp_loop *loop;
static int calls;

static void stop(void *context)
{
    (void)context;
    sp_loop_stop(loop);
}

static void set_up(void)
{
    loop = sp_loop_open(stop, NULL);
}

static void tear_down(void)
{
    sp_loop_close(&loop);
}

static void count(void *context)
{
    (void)context;
    calls++;
}

static void stop_after(int64_t ms)
{
    (void)sp_loop_every(loop, ms, stop, NULL);
}

/* ---- posts
 * ---------------------------------------------------------------------------------------- */

static int order[POSTS];

static void check_order(void *context)
{
    cr_assert_eq(context, &order[calls]);
    if (++calls == POSTS)
        sp_loop_stop(loop);
}

static void *post_all(void *context)
{
    (void)context;
    for (int i = 0; i < POSTS; i++)
        sp_loop_post(loop, check_order, &order[i]);
    return NULL;
}

Test(loop, runs_posts_of_another_thread_in_order, .init = set_up, .fini = tear_down)
{
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, post_all, NULL), 0);
    sp_loop_run(loop);
    pthread_join(thread, NULL);
    cr_assert_eq(calls, POSTS);
}

static void post_again(void *context)
{
    (void)context;
    calls++;
    sp_loop_post(loop, post_again, NULL);
}

Test(loop, a_post_that_posts_itself_starves_no_timer, .init = set_up, .fini = tear_down)
{
    sp_loop_post(loop, post_again, NULL);
    stop_after(20);
    sp_loop_run(loop);
    cr_assert_gt(calls, 1);
}

Test(loop, stopped_before_it_runs_it_returns_at_once, .init = set_up, .fini = tear_down)
{
    sp_loop_stop(loop);
    sp_loop_run(loop);
}

/* ---- timers
 * ----------------------------------------------------------------------------------------- */

Test(loop, a_timer_fires_again_and_again, .init = set_up, .fini = tear_down)
{
    (void)sp_loop_every(loop, 5, count, NULL);
    stop_after(200);
    sp_loop_run(loop);
    cr_assert_geq(calls, 5);
    cr_assert_leq(calls, 45);
}

static int own_timer;

static void cancel_own(void *context)
{
    (void)context;
    calls++;
    sp_loop_cancel(loop, own_timer);
    sp_loop_cancel(loop, own_timer); /* the second time does nothing */
}

Test(loop, a_timer_can_cancel_itself, .init = set_up, .fini = tear_down)
{
    own_timer = sp_loop_every(loop, 5, cancel_own, NULL);
    stop_after(60);
    sp_loop_run(loop);
    cr_assert_eq(calls, 1);
}

static int pair[2];

static void cancel_both(void *context)
{
    (void)context;
    calls++;
    sp_loop_cancel(loop, pair[0]);
    sp_loop_cancel(loop, pair[1]);
}

Test(loop, a_timer_cancelled_in_the_same_turn_does_not_fire, .init = set_up, .fini = tear_down)
{
    pair[0] = sp_loop_every(loop, 5, cancel_both, NULL);
    pair[1] = sp_loop_every(loop, 5, cancel_both, NULL);
    stop_after(60);
    sp_loop_run(loop);
    cr_assert_eq(calls, 1);
}

static void sleep_long(void *context)
{
    (void)context;
    usleep(300 * 1000);
}

Test(loop, ticks_missed_while_standing_still_are_not_made_up, .init = set_up, .fini = tear_down)
{
    (void)sp_loop_every(loop, 10, count, NULL);
    sp_loop_post(loop, sleep_long, NULL);
    stop_after(330);
    sp_loop_run(loop);
    cr_assert_leq(calls, 8, "%d", calls);
}

/* ---- descriptors and sockets
 * --------------------------------------------------------------------------- */

static int pipes[2][2];

static void open_pipes(void)
{
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(pipe(pipes[i]), 0);
        cr_assert_eq(write(pipes[i][1], "x", 1), 1);
    }
}

static void drain(void *context)
{
    char byte;
    calls++;
    cr_assert_eq(read(*(int *)context, &byte, 1), 1);
}

static void unwatch_both(void *context)
{
    (void)context;
    calls++;
    sp_loop_unwatch_fd(loop, pipes[0][0]);
    sp_loop_unwatch_fd(loop, pipes[1][0]);
}

Test(loop, calls_while_a_descriptor_is_readable, .init = set_up, .fini = tear_down)
{
    open_pipes();
    sp_loop_watch_fd(loop, pipes[0][0], drain, &pipes[0][0]);
    stop_after(30);
    sp_loop_run(loop);
    cr_assert_eq(calls, 1);
}

Test(loop, a_call_may_end_its_own_watch_and_others, .init = set_up, .fini = tear_down)
{
    open_pipes();
    sp_loop_watch_fd(loop, pipes[0][0], unwatch_both, NULL);
    sp_loop_watch_fd(loop, pipes[1][0], unwatch_both, NULL);
    stop_after(30);
    sp_loop_run(loop);
    cr_assert_eq(calls, 1);
}

Test(loop, a_hung_up_descriptor_stays_watched, .init = set_up, .fini = tear_down)
{
    open_pipes();
    close(pipes[0][1]);
    sp_loop_watch_fd(loop, pipes[0][0], count, NULL);
    stop_after(20);
    sp_loop_run(loop);
    cr_assert_gt(calls, 2); /* level-triggered: until somebody unwatches it */
}

/* ---- signals and interruptions
 * ----------------------------------------------------------------------------- */

static void raise_term(void *context)
{
    (void)context;
    cr_assert_eq(kill(getpid(), SIGTERM), 0);
}

Test(loop, the_first_sigterm_asks_to_stop, .fini = tear_down)
{
    loop = sp_loop_open(count, NULL);
    sp_loop_post(loop, raise_term, NULL);
    stop_after(50);
    sp_loop_run(loop);
    cr_assert_eq(calls, 1);
}

Test(loop, the_second_signal_ends_the_process, .exit_code = 1)
{
    loop = sp_loop_open(count, NULL);
    (void)sp_loop_every(loop, 10, raise_term, NULL);
    sp_loop_run(loop);
}

static void on_interrupt(int signal)
{
    (void)signal;
}

static void allow_interrupts(void *context)
{
    (void)context;
    const struct sigaction action = {.sa_handler = on_interrupt};
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, SIGUSR1);
    cr_assert_eq(sigaction(SIGUSR1, &action, NULL), 0);
    cr_assert_eq(pthread_sigmask(SIG_UNBLOCK, &only, NULL), 0);
    *(pthread_t *)context = pthread_self();
    calls++;
}

static void *interrupt(void *context)
{
    pthread_t *target = context;
    for (int i = 0; i < 5; i++) {
        usleep(10 * 1000);
        cr_assert_eq(pthread_kill(*target, SIGUSR1), 0);
    }
    sp_loop_post(loop, count, NULL);
    usleep(10 * 1000);
    sp_loop_post(loop, stop, NULL);
    return NULL;
}

Test(loop, goes_on_after_eintr, .init = set_up, .fini = tear_down)
{
    pthread_t target = pthread_self(), thread;
    allow_interrupts(&target);
    cr_assert_eq(pthread_create(&thread, NULL, interrupt, &target), 0);
    sp_loop_run(loop);
    pthread_join(thread, NULL);
    cr_assert_eq(calls, 2);
}

static int64_t age_while_busy;

static void be_busy(void *context)
{
    (void)context;
    usleep(700 * 1000);
    age_while_busy = sp_loop_age_ms(loop);
    sp_loop_stop(loop);
}

Test(loop, its_age_tells_that_it_is_stuck, .init = set_up, .fini = tear_down)
{
    sp_loop_post(loop, be_busy, NULL);
    cr_assert_lt(sp_loop_age_ms(loop), 500);
    sp_loop_run(loop);
    cr_assert_geq(age_while_busy, 700);
}
