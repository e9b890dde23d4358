/* The loop and libzmq's sockets: whatever comes is told, whoever took the word that it came. */
#include <criterion/criterion.h>
#include <zmq.h>

#include "common/loop.h"

static struct sp_loop *loop;
static int calls;

static void stop(void *context)
{
    (void)context;
    sp_loop_stop(loop);
}

static void stop_after(int64_t ms)
{
    (void)sp_loop_every(loop, ms, stop, NULL);
}

static void *zmq_ctx, *near, *far; /* the ends of a pair; `near` is watched */

static void open_pair(void)
{
    loop = sp_loop_open(stop, NULL);
    zmq_ctx = zmq_ctx_new();
    near = zmq_socket(zmq_ctx, ZMQ_PAIR);
    far = zmq_socket(zmq_ctx, ZMQ_PAIR);
    cr_assert_eq(zmq_bind(far, "inproc://loop"), 0);
    cr_assert_eq(zmq_connect(near, "inproc://loop"), 0);
}

static void close_pair(void)
{
    sp_loop_unwatch_socket(loop, near);
    zmq_close(near);
    zmq_close(far);
    zmq_ctx_term(zmq_ctx);
    sp_loop_close(&loop);
}

static void send_far(void *context)
{
    (void)context;
    cr_assert_eq(zmq_send(far, "hi", 2, 0), 2);
}

static void receive_one(void *context)
{
    char text[8];
    if (zmq_recv(near, text, sizeof text, ZMQ_DONTWAIT) != 2)
        return;
    sp_loop_used_socket(loop, near);
    if (++calls == *(const int *)context)
        sp_loop_stop(loop);
}

static void run_until_read(int wanted)
{
    stop_after(5000);
    sp_loop_run(loop);
    cr_assert_eq(calls, wanted);
}

Test(loop_socket, tells_what_came_to_a_socket_before_it_was_watched, .init = open_pair,
     .fini = close_pair)
{
    int wanted = 1;
    send_far(NULL);
    sp_loop_watch_socket(loop, near, receive_one, &wanted);
    run_until_read(wanted);
}

Test(loop_socket, tells_what_comes_to_a_socket_never_read_before, .init = open_pair,
     .fini = close_pair)
{
    int wanted = 1;
    sp_loop_watch_socket(loop, near, receive_one, &wanted);
    (void)sp_loop_every(loop, 10, send_far, NULL);
    run_until_read(wanted);
}

Test(loop_socket, a_socket_left_with_something_unread_is_read_again, .init = open_pair,
     .fini = close_pair)
{
    int wanted = 50;
    for (int i = 0; i < wanted; i++)
        send_far(NULL);
    sp_loop_watch_socket(loop, near, receive_one, &wanted);
    run_until_read(wanted);
}

/* As a send may: it takes the word of libzmq's thread, and the descriptor is silent again. */
static void use_near(void *context)
{
    sp_loop_cancel(loop, *(const int *)context);
    send_far(NULL);
    int events = 0;
    size_t size = sizeof events;
    cr_assert_eq(zmq_getsockopt(near, ZMQ_EVENTS, &events, &size), 0);
    cr_assert(events & ZMQ_POLLIN);
    sp_loop_used_socket(loop, near);
}

Test(loop_socket, what_came_while_a_socket_was_used_is_told, .init = open_pair, .fini = close_pair)
{
    int wanted = 1;
    sp_loop_watch_socket(loop, near, receive_one, &wanted);
    int timer = sp_loop_every(loop, 10, use_near, &timer);
    run_until_read(wanted);
}

static int far_calls;

static void answer(void *context)
{
    char text[8];
    while (zmq_recv(context, text, sizeof text, ZMQ_DONTWAIT) == 2) {
        far_calls++;
        cr_assert_eq(zmq_send(context, "hi", 2, 0), 2);
        sp_loop_used_socket(loop, context);
    }
}

Test(loop_socket, two_sockets_that_answer_each_other_starve_no_timer, .init = open_pair,
     .fini = close_pair)
{
    sp_loop_watch_socket(loop, near, answer, near);
    sp_loop_watch_socket(loop, far, answer, far);
    send_far(NULL);
    stop_after(20);
    sp_loop_run(loop);
    sp_loop_unwatch_socket(loop, far);
    cr_assert_gt(far_calls, 100);
}
