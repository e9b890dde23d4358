/* Two buses in one loop, over real sockets with real keys: parcels, answers, asks, strangers,
 * garbage. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/bus.h"
#include "common/crypto.h"
#include "common/log.h"
#include "common/zap.h"

enum { PATIENCE_MS = 5000, REFUSAL_MS = 500 };

static int64_t patience_ms = PATIENCE_MS;

struct end {
    struct sp_bus *bus;
    struct sp_inbound *taken[512];
    size_t taken_count, acked, died, drained;
    bool hold; /* keep what comes in, unanswered */
};

struct rig {
    struct sp_loop *loop;
    char keys[64], bind[2][64], peer[2][64];
    struct end ends[2]; /* order-ingest, product-mapper */
    int answer_status;
    char answer[64];
    bool (*until)(const struct rig *rig);
    int64_t give_up_us;
};

static struct rig *the_rig; /* peer_of and the callbacks know an end only */

static void write_key(const char *dir, const char *name, const char *end, const char *key)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s.%s", dir, name, end);
    FILE *out = fopen(path, "w");
    cr_assert_not_null(out);
    (void)fprintf(out, "%s\n", key);
    (void)fclose(out);
}

static void make_keys(const char *dir, const char *name)
{
    char public_key[SP_KEY_TEXT], secret_key[SP_KEY_TEXT];
    cr_assert_eq(zmq_curve_keypair(public_key, secret_key), 0);
    write_key(dir, name, "public", public_key);
    write_key(dir, name, "secret", secret_key);
}

static void take(void *context, struct sp_inbound *inbound)
{
    struct end *end = context;
    cr_assert_lt(end->taken_count, SP_COUNT(end->taken));
    end->taken[end->taken_count++] = inbound;
    if (end->hold)
        return;
    if (inbound->is_ask)
        sp_bus_answer(end->bus, inbound, SP_TEXT("fine"));
    else
        sp_bus_ack(end->bus, inbound);
}

/* What was held when its bus closed is answered by nobody any more. */
static void forget_taken(struct end *end)
{
    for (size_t i = 0; i < end->taken_count; i++) {
        (void)zmq_msg_close(&end->taken[i]->type_frame);
        (void)zmq_msg_close(&end->taken[i]->body_frame);
        free(end->taken[i]);
    }
    end->taken_count = 0;
}

static void acked(void *context, const uint8_t id[16])
{
    (void)id;
    ((struct end *)context)->acked++;
}

static void died(void *context, const uint8_t id[16])
{
    (void)id;
    ((struct end *)context)->died++;
}

static void drained(void *context, const char *dest)
{
    (void)dest;
    ((struct end *)context)->drained++;
}

static const char *peer_of(void *context, const char *service)
{
    (void)context;
    return the_rig->peer[strcmp(service, "product-mapper") == 0 ? 1 : 0];
}

static void open_end(struct rig *rig, int i, const char *service, const char *dest)
{
    const char *const dests[] = {dest, NULL};
    struct sp_bus_options options = {.loop = rig->loop,
                                     .service = service,
                                     .bind = rig->bind[i],
                                     .keys_dir = rig->keys,
                                     .dests = dests,
                                     .peer_of = peer_of,
                                     .context = &rig->ends[i],
                                     .take = take,
                                     .acked = acked,
                                     .died = died,
                                     .drained = drained};
    struct sp_error err;
    cr_assert_eq(sp_bus_open(&rig->ends[i].bus, &options, &err), SP_OK, "%s", err.text);
}

static void set_up_as(struct rig *rig, const char *first)
{
    *rig = (struct rig){.answer_status = -1};
    the_rig = rig;
    sp_crypto_setup();
    sp_log_setup("test", SP_ERROR);
    (void)snprintf(rig->keys, sizeof rig->keys, "/tmp/sampan-bus-XXXXXX");
    cr_assert_not_null(mkdtemp(rig->keys));
    make_keys(rig->keys, first);
    make_keys(rig->keys, "product-mapper");
    int port = 20000 + (int)(getpid() % 5000) * 2;
    for (int i = 0; i < 2; i++) {
        (void)snprintf(rig->bind[i], sizeof rig->bind[i], "tcp://127.0.0.1:%d", port + i);
        (void)snprintf(rig->peer[i], sizeof rig->peer[i], "127.0.0.1:%d", port + i);
    }
    rig->loop = sp_loop_open(NULL, NULL);
    open_end(rig, 0, first, "product-mapper");
    open_end(rig, 1, "product-mapper", first);
}

static void tear_down(struct rig *rig)
{
    sp_bus_close(&rig->ends[0].bus);
    sp_bus_close(&rig->ends[1].bus);
    sp_loop_close(&rig->loop);
}

static void look(void *context)
{
    struct rig *rig = context;
    if (rig->until(rig) || sp_monotonic_us() > rig->give_up_us)
        sp_loop_stop(rig->loop);
}

static bool run_until(struct rig *rig, bool (*until)(const struct rig *rig))
{
    rig->until = until;
    rig->give_up_us = sp_monotonic_us() + patience_ms * 1000;
    int timer = sp_loop_every(rig->loop, 5, look, rig);
    sp_loop_run(rig->loop);
    sp_loop_cancel(rig->loop, timer);
    return until(rig);
}

static void offer(struct rig *rig, int i, const char *dest, const char *type)
{
    struct sp_outgoing parcel = {.dest = dest, .type = type, .size = 2};
    parcel.body = sp_strdup("\x91\x80");
    sp_uuid(parcel.id);
    sp_bus_offer(rig->ends[i].bus, &parcel, 1);
}

static bool sees_peer(const struct rig *rig)
{
    return sp_bus_sees(rig->ends[0].bus, "product-mapper");
}

static bool one_acked(const struct rig *rig)
{
    return rig->ends[0].acked >= 1;
}

static bool hundred_acked(const struct rig *rig)
{
    return rig->ends[0].acked >= 100;
}

static bool answered(const struct rig *rig)
{
    return rig->answer_status >= 0;
}

static bool some_taken(const struct rig *rig)
{
    return rig->ends[1].taken_count > 0;
}

static bool four_taken(const struct rig *rig)
{
    return rig->ends[1].taken_count >= 4;
}

static bool all_died(const struct rig *rig)
{
    return rig->ends[0].died >= 4;
}

Test(bus, a_parcel_arrives_with_its_sender_and_is_acknowledged)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    offer(&rig, 0, "product-mapper", "order.recorded");
    cr_assert(run_until(&rig, one_acked));
    cr_expect_eq(rig.ends[1].taken_count, 1);
    cr_expect_eq(sp_bus_in_flight(rig.ends[0].bus), 0);
    tear_down(&rig);
}

Test(bus, credit_bounds_what_is_in_flight_and_everything_arrives)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    rig.ends[1].hold = true;
    for (int i = 0; i < 100; i++)
        offer(&rig, 0, "product-mapper", "order.recorded");
    cr_expect(sp_bus_full(rig.ends[0].bus, "product-mapper"));
    cr_assert(run_until(&rig, four_taken));
    cr_expect_eq(rig.ends[1].taken_count, SP_BUS_CREDIT);
    rig.ends[1].hold = false;
    for (size_t i = 0; i < SP_BUS_CREDIT; i++)
        sp_bus_ack(rig.ends[1].bus, rig.ends[1].taken[i]);
    cr_assert(run_until(&rig, hundred_acked));
    tear_down(&rig);
}

Test(bus, a_service_may_not_send_what_is_not_its_own)
{
    struct rig rig;
    set_up_as(&rig, "placement");
    cr_assert(run_until(&rig, sees_peer));
    offer(&rig, 0, "product-mapper", "order.recorded");
    patience_ms = REFUSAL_MS;
    cr_expect_not(run_until(&rig, some_taken));
    cr_expect_eq(rig.ends[0].acked, 0);
    tear_down(&rig);
}

static void on_answer(void *context, int status, struct sp_text body)
{
    struct rig *rig = context;
    rig->answer_status = status;
    (void)snprintf(rig->answer, sizeof rig->answer, "%.*s", SP_FMT(body));
}

Test(bus, the_gateway_asks_and_is_answered)
{
    struct rig rig;
    set_up_as(&rig, "gateway");
    cr_assert(run_until(&rig, sees_peer));
    sp_bus_ask(rig.ends[0].bus, "product-mapper", SP_TEXT("how?"), 2000,
               (struct sp_on_answer){on_answer, &rig});
    cr_assert(run_until(&rig, answered));
    cr_expect_eq(rig.answer_status, 200);
    cr_expect_str_eq(rig.answer, "fine");
    tear_down(&rig);
}

Test(bus, others_may_not_ask_and_get_no_answer)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    cr_assert(run_until(&rig, sees_peer));
    sp_bus_ask(rig.ends[0].bus, "product-mapper", SP_TEXT("how?"), 300,
               (struct sp_on_answer){on_answer, &rig});
    cr_assert(run_until(&rig, answered));
    cr_expect_eq(rig.answer_status, 504);
    cr_expect_eq(rig.ends[1].taken_count, 0);
    tear_down(&rig);
}

Test(bus, an_ask_for_nobody_ends_at_once)
{
    struct rig rig;
    set_up_as(&rig, "gateway");
    sp_bus_ask(rig.ends[0].bus, "nowhere", SP_TEXT("x"), 2000,
               (struct sp_on_answer){on_answer, &rig});
    cr_expect_eq(rig.answer_status, 503);
    tear_down(&rig);
}

Test(bus, parcels_in_flight_to_a_replica_that_dies_are_counted)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    rig.ends[1].hold = true;
    for (int i = 0; i < 10; i++)
        offer(&rig, 0, "product-mapper", "order.recorded");
    cr_assert(run_until(&rig, four_taken));
    sp_bus_close(&rig.ends[1].bus);
    forget_taken(&rig.ends[1]);
    cr_assert(run_until(&rig, all_died));
    cr_expect_eq(rig.ends[0].died, SP_BUS_CREDIT);
    cr_expect_eq(sp_bus_room(rig.ends[0].bus, "product-mapper"), 0);
    sp_bus_close(&rig.ends[0].bus);
    sp_loop_close(&rig.loop);
}

/* A socket that knows order-ingest's secret and speaks as it likes. */
static void *raw_socket(void *zmq, struct rig *rig)
{
    struct sp_keys keys;
    char server_key[SP_KEY_TEXT];
    struct sp_error err;
    cr_assert_eq(sp_keys_read(rig->keys, "order-ingest", &keys, &err), SP_OK);
    cr_assert_eq(sp_public_key_read(rig->keys, "product-mapper", server_key, &err), SP_OK);
    void *socket = zmq_socket(zmq, ZMQ_DEALER);
    int linger = 0;
    (void)zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, 40);
    (void)zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys.public_key, 40);
    (void)zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secret_key, 40);
    cr_assert_eq(zmq_connect(socket, rig->bind[1]), 0);
    return socket;
}

static void send_frames(void *socket, const char *const frames[], const size_t sizes[],
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)zmq_send(socket, frames[i], sizes[i], i + 1 < count ? ZMQ_SNDMORE : 0);
}

Test(bus, malformed_frames_are_dropped_and_good_ones_still_arrive)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    void *zmq = zmq_ctx_new();
    void *socket = raw_socket(zmq, &rig);
    static const char id[16] = "0123456789abcdef";
    const char *const bad[][7] = {{"P", id, "order.recorded", "\0", "x", "more", "more"},
                                  {"Z", id, "x"},
                                  {"P", "short", "t"},
                                  {"Q", id, "a", "b"},
                                  {"", "", ""},
                                  {"P", id, "order.recorded", "12", "b"},
                                  {"P", id, "order\xff", "\0", "\x91\x80"},
                                  {"P", id, "a\0b", "\0", "\x91\x80"},
                                  {"P", id, "", "\0", "\x91\x80"}};
    const size_t sizes[][7] = {{1, 16, 14, 1, 1, 4, 4}, {1, 16, 1},       {1, 5, 1},
                               {1, 16, 1, 1},           {0, 0, 0},        {1, 16, 14, 2, 1},
                               {1, 16, 6, 1, 2},        {1, 16, 3, 1, 2}, {1, 16, 0, 1, 2}};
    const size_t counts[] = {7, 3, 3, 4, 3, 5, 5, 5, 5};
    for (size_t i = 0; i < SP_COUNT(counts); i++)
        send_frames(socket, bad[i], sizes[i], counts[i]);
    const char *const good[] = {"P", id, "order.recorded", "\0", "\x91\x80"};
    const size_t good_sizes[] = {1, 16, 14, 1, 2};
    send_frames(socket, good, good_sizes, 5);
    cr_assert(run_until(&rig, some_taken));
    cr_expect_eq(rig.ends[1].taken_count, 1);
    (void)zmq_close(socket);
    (void)zmq_ctx_term(zmq);
    tear_down(&rig);
}

Test(bus, a_taken_port_is_said_clearly)
{
    struct rig rig;
    set_up_as(&rig, "order-ingest");
    struct sp_bus *second = NULL;
    const char *const dests[] = {NULL};
    struct sp_bus_options options = {.loop = rig.loop,
                                     .service = "product-mapper",
                                     .bind = rig.bind[1],
                                     .keys_dir = rig.keys,
                                     .dests = dests};
    struct sp_error err;
    cr_expect_eq(sp_bus_open(&second, &options, &err), SP_RETRY);
    cr_expect(strstr(err.text, rig.bind[1]) != NULL && strstr(err.text, "in use") != NULL, "%s",
              err.text);
    tear_down(&rig);
}
