/* What waits for a worker: which line it stands in, and until when. */
#include <signal.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/app_internal.h"
#include "common/bus_internal.h"
#include "common/ctx.h"
#include "proto/messages.h"
#include "tests/common/sample_service.h"

/* A process without workers: what is taken stays in its line.  Answers go nowhere. */
static struct sp_bus bus;
static struct sp_app app;

static void set_up(void)
{
    bus.options.loop = sp_loop_open(NULL, NULL);
    app = (struct sp_app){.service = &sample_service, .bus = &bus};
}

static void tear_down(void)
{
    sp_app_drop_waiting(&app);
    sp_loop_close(&bus.options.loop);
}

TestSuite(app_dispatch, .init = set_up, .fini = tear_down);

static void put_frame(zmq_msg_t *frame, struct sp_text bytes, struct sp_text *view)
{
    cr_assert_eq(zmq_msg_init_size(frame, bytes.size), 0);
    memcpy(zmq_msg_data(frame), bytes.data, bytes.size);
    *view = (struct sp_text){zmq_msg_data(frame), bytes.size};
}

static void take_parcel(const char *type)
{
    struct sp_inbound *inbound = sp_alloc(sizeof *inbound);
    put_frame(&inbound->type_frame, sp_text_of(type), &inbound->parcel.type);
    put_frame(&inbound->body_frame, SP_TEXT("\x91\x80"), &inbound->parcel.body);
    sp_app_take(&app, inbound);
}

static void take_ask(const char *name, int64_t deadline_ms)
{
    struct ask wire = {.name = sp_text_of(name), .account_id = 1, .deadline_ms = deadline_ms};
    struct sp_buffer body = {0};
    struct sp_error err;
    cr_assert_eq(sp_record_encode(&ask_record, &wire, &body, &err), SP_OK, "%s", err.text);
    struct sp_inbound *inbound = sp_alloc(sizeof *inbound);
    inbound->is_ask = true;
    (void)zmq_msg_init(&inbound->type_frame);
    put_frame(&inbound->body_frame, sp_buffer_text(&body), &inbound->parcel.body);
    sp_buffer_free(&body);
    sp_app_take(&app, inbound);
}

static size_t waiting(bool is_ask, const char *name)
{
    for (size_t i = 0; i < app.line_count; i++) {
        if (app.lines[i].is_ask == is_ask && strcmp(app.lines[i].name, name) == 0)
            return app.lines[i].waiting;
    }
    return 0;
}

Test(app_dispatch, names_nobody_knows_never_take_the_place_of_those_that_are_known)
{
    enum { NAMES = 2 * (SP_APP_ROUTES + SP_APP_ASKS) };
    char name[80];
    for (int i = 0; i < NAMES; i++) {
        (void)snprintf(name, sizeof name, "order.dreamt-%d", i);
        take_parcel(name);
        (void)snprintf(name, sizeof name, "product-mapper.dream-%d", i);
        take_ask(name, 1000);
    }
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    take_parcel(name);
    take_parcel("order.recorded");
    take_ask("product-mapper.count", 1000);
    cr_expect_eq(waiting(false, ""), NAMES + 1, "they wait to be buried");
    cr_expect_eq(waiting(true, ""), NAMES, "they wait to be refused");
    cr_expect_eq(waiting(false, "order.recorded"), 1);
    cr_expect_eq(waiting(true, "product-mapper.count"), 1);
}

Test(app_dispatch, an_ask_is_not_kept_longer_than_its_asker_waits)
{
    take_ask("product-mapper.count", 30);
    take_ask("product-mapper.count", 30);
    take_ask("product-mapper.add", 60 * 1000);
    take_parcel("order.recorded");
    sp_app_dispatch(&app);
    cr_expect_eq(waiting(true, "product-mapper.count"), 2);
    (void)usleep(40 * 1000);
    sp_app_dispatch(&app);
    cr_expect_eq(waiting(true, "product-mapper.count"), 0);
    cr_expect_eq(waiting(true, "product-mapper.add"), 1);
    cr_expect_eq(waiting(false, "order.recorded"), 1, "a fact has no deadline");
}

Test(app_dispatch, an_ask_that_names_no_deadline_is_kept)
{
    take_ask("product-mapper.count", 0);
    take_ask("product-mapper.count", INT64_MAX);
    sp_app_dispatch(&app);
    cr_expect_eq(waiting(true, "product-mapper.count"), 2);
}
