/* The running program: faults, invoices, truth log, stopping.  Covers: edge.c, settings.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

enum { LINE = 65536 };

static struct reply order_faults(struct process *sandbox, const char *next)
{
    struct sp_text body = sp_arena_printf(sandbox->arena, "{\"next\":[%s]}", next);
    return process_call(sandbox, "POST", "/sandbox/faults", NULL, body.data);
}

static struct reply search(struct process *sandbox, const char *query)
{
    return process_signed(sandbox, "POST", "/order/202309/orders/search", query, "{}");
}

Test(edge, answers_calls_with_the_faults_that_were_ordered)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    cr_assert_eq(order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"429\",\"retry_after\":7},"
                                       "{\"path\":\"/order\",\"kind\":500},"
                                       "{\"path\":\"/order\",\"kind\":\"html\"}")
                     .status,
                 200);
    struct reply reply = search(sandbox, "page_size=1");
    cr_assert_eq(reply.status, 429);
    cr_assert_eq(rig_int(reply.json, "code"), 36009002);
    cr_assert(sp_text_is(reply_header(&reply, "Retry-After"), "7"));
    reply = search(sandbox, "page_size=1");
    cr_assert_eq(reply.status, 500);
    cr_assert_eq(rig_int(reply.json, "code"), 36009003);
    reply = search(sandbox, "page_size=1");
    cr_assert_eq(reply.json.kind, SP_JSON_NONE);
    cr_assert(sp_text_holds(reply.body, "<html>"));
    reply = search(sandbox, "page_size=1");
    cr_assert_eq(rig_int(reply.json, "code"), 0);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, loses_the_answer_of_a_call_it_has_carried_out)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)order_faults(sandbox, "{\"path\":\"/event\",\"kind\":\"drop\"}");
    struct reply reply = process_signed(
        sandbox, "PUT", "/event/202309/webhooks", "",
        "{\"event_type\":\"ORDER_STATUS_CHANGE\",\"address\":\"http://127.0.0.1:9/x\"}");
    cr_assert_eq(reply.status, 0);
    reply = process_signed(sandbox, "GET", "/event/202309/webhooks", "", NULL);
    cr_assert_eq(rig_int(reply.json, "data.total_count"), 1);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, lets_a_call_wait_without_carrying_it_out)
{
    static const char *const settings[] = {"SAMPAN_SANDBOX_TIMEOUT_FAULT=300ms", NULL};
    struct process *sandbox = process_start(settings);
    process_authorize(sandbox);
    (void)order_faults(sandbox, "{\"path\":\"/event\",\"kind\":\"timeout\"}");
    int64_t began = sp_monotonic_us();
    struct reply reply = process_signed(
        sandbox, "PUT", "/event/202309/webhooks", "",
        "{\"event_type\":\"ORDER_STATUS_CHANGE\",\"address\":\"http://127.0.0.1:9/x\"}");
    cr_assert(sp_monotonic_us() - began >= 300000);
    cr_assert_eq(rig_int(reply.json, "code"), 36009007);
    reply = process_signed(sandbox, "GET", "/event/202309/webhooks", "", NULL);
    cr_assert_eq(rig_int(reply.json, "data.total_count"), 0);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, stops_while_calls_wait)
{
    struct process *sandbox = process_start(NULL);
    (void)order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"timeout\"}");
    pid_t child = fork();
    if (child == 0) {
        (void)process_call(sandbox, "GET", "/order/202309/orders", NULL, NULL);
        _exit(0);
    }
    (void)usleep(100000);
    cr_assert_eq(process_stop(sandbox), 0);
    cr_assert_eq(waitpid(child, NULL, 0), child);
}

Test(edge, serves_every_unit_of_the_real_invoices)
{
    static const char *const settings[] = {"SAMPAN_SANDBOX_INVOICES=" SANDBOX_INVOICES, NULL};
    struct process *sandbox = process_start(settings);
    process_authorize(sandbox);
    struct reply truth = process_call(sandbox, "GET", "/sandbox/truth", NULL, NULL);
    size_t orders = 0, units = 0;
    const char *query = "page_size=100&sort_field=update_time&sort_order=ASC";
    while (query != NULL) {
        struct reply page = search(sandbox, query);
        struct sp_json_walk walk = sp_json_each(rig_at(page.json, "data.orders"));
        struct sp_json order;
        for (; sp_json_next(&walk, NULL, &order); orders++)
            units += sp_json_count(sp_json_get(order, "line_items"));
        struct sp_text token = rig_text(page.json, "data.next_page_token", sandbox->arena);
        /* "+//+…==": each of these characters has to be encoded */
        struct sp_buffer next = {0};
        sp_buffer_put_string(&next,
                             "page_size=100&sort_field=update_time&sort_order=ASC&page_token=");
        for (size_t i = 0; i < token.size; i++)
            sp_buffer_printf(&next, "%%%02X", (unsigned)(unsigned char)token.data[i]);
        sp_buffer_put(&next, "", 1);
        query = token.size == 0 ? NULL : sp_arena_copy(sandbox->arena, sp_buffer_text(&next)).data;
        sp_buffer_free(&next);
    }
    cr_assert_eq((int64_t)orders, rig_int(truth.json, "orders"));
    cr_assert_eq((int64_t)units, rig_int(truth.json, "units"));
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, writes_down_what_it_served_but_no_buyer_and_no_token)
{
    char path[] = "/tmp/sandbox-edge-XXXXXX", setting[80];
    (void)close(mkstemp(path));
    (void)snprintf(setting, sizeof setting, "SAMPAN_SANDBOX_TRUTH_LOG=%s", path);
    const char *const settings[] = {setting, NULL};
    struct process *sandbox = process_start(settings);
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":3}");
    (void)search(sandbox, "page_size=10");
    char token[64];
    (void)snprintf(token, sizeof token, "%.*s", 40, sandbox->access_token.data);
    cr_assert_eq(process_stop(sandbox), 0);
    static char text[LINE];
    FILE *file = fopen(path, "r");
    struct sp_text all = {text, fread(text, 1, sizeof text, file)};
    (void)fclose(file);
    (void)unlink(path);
    cr_assert(sp_text_holds(all, "\"what\":\"served-orders\",\"orders\":[["));
    cr_assert(sp_text_holds(
        all, "\"what\":\"call\",\"method\":\"POST\",\"route\":\"/order/202309/orders/search\""));
    cr_assert(sp_text_holds(all, "\"page_size\":\"10\"},\"body\":{},\"code\":0}"));
    cr_assert_not(sp_text_holds(all, "sign\""));
    cr_assert(sp_text_holds(all, "\"what\":\"tokens-given\""));
    cr_assert_not(sp_text_holds(all, "Canary"));
    cr_assert_not(sp_text_holds(all, token));
}

Test(edge, tells_its_container_whether_it_answers)
{
    struct process *process = process_start(NULL);
    char bind_to[64];
    (void)snprintf(bind_to, sizeof bind_to, "SAMPAN_SANDBOX_BIND=127.0.0.1:%d", process->port);
    const char *const there[] = {bind_to, NULL};
    cr_assert_eq(process_run("health", there), 0);
    cr_assert_eq(process_stop(process), 0);
    cr_assert_eq(process_run("health", there), 1);
}

Test(edge, does_not_start_with_wrong_settings)
{
    static const char *const many[] = {"SAMPAN_SANDBOX_SHOPS=99", NULL};
    static const char *const nowhere[] = {"SAMPAN_SANDBOX_INVOICES=/nowhere", NULL};
    cr_assert_eq(process_run("run", many), 78);
    cr_assert_eq(process_run("run", nowhere), 78);
    cr_assert_eq(process_run("dance", NULL), 78);
    cr_assert_eq(process_run("version", NULL), 0);
    cr_assert_eq(process_run("config", NULL), 0);
}

Test(edge, knows_headers_however_they_are_written)
{
    static const char *const names[] = {"x-tts-access-token", "X-Tts-Access-Token",
                                        "X-TTS-ACCESS-TOKEN"};
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    for (size_t i = 0; i < SP_COUNT(names); i++) {
        sandbox->token_header = names[i];
        cr_assert_eq(rig_int(search(sandbox, "page_size=1").json, "code"), 0, "%s", names[i]);
    }
    sandbox->token_header = "Authorization";
    cr_assert_eq(rig_int(search(sandbox, "page_size=1").json, "code"), 36009004);
    cr_assert_eq(process_stop(sandbox), 0);
}

/* ---- faults of pages
 * ----------------------------------------------------------------------------------- */

static struct reply search_on(struct process *sandbox, struct sp_text token)
{
    struct sp_buffer query = {0};
    sp_buffer_put_string(&query, "page_size=2&sort_field=update_time&sort_order=ASC");
    for (size_t i = 0; i < token.size; i++)
        sp_buffer_printf(&query, "%s%%%02X", i == 0 ? "&page_token=" : "",
                         (unsigned)(unsigned char)token.data[i]);
    struct sp_text kept = sp_arena_copy(sandbox->arena, sp_buffer_text(&query));
    sp_buffer_free(&query);
    return search(sandbox, sp_arena_printf(sandbox->arena, "%.*s", SP_FMT(kept)).data);
}

static struct sp_text token_of(struct process *sandbox, const struct reply *reply)
{
    return rig_text(reply->json, "data.next_page_token", sandbox->arena);
}

static bool same_text(struct process *sandbox, const struct reply *a, const struct reply *b,
                      const char *path)
{
    struct sp_text text = rig_text(a->json, path, sandbox->arena);
    return text.size > 0 && sp_text_equal(text, rig_text(b->json, path, sandbox->arena));
}

Test(edge, gives_a_page_again_and_then_goes_on)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":4}");
    (void)order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"repeat\"}");
    struct reply first = search(sandbox, "page_size=2&sort_field=update_time&sort_order=ASC");
    struct reply again = search_on(sandbox, token_of(sandbox, &first));
    cr_assert(same_text(sandbox, &first, &again, "data.orders.0.id"));
    struct reply second = search_on(sandbox, token_of(sandbox, &again));
    cr_assert_eq(sp_json_count(rig_at(second.json, "data.orders")), 2);
    cr_assert_not(same_text(sandbox, &first, &second, "data.orders.0.id"));
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, leaves_an_order_out_that_is_there_the_next_time)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":3}");
    (void)order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"omit\"}");
    struct reply reply = search(sandbox, "page_size=3");
    cr_assert_eq(sp_json_count(rig_at(reply.json, "data.orders")), 2);
    cr_assert_eq(rig_int(reply.json, "data.total_count"), 3);
    cr_assert_eq(sp_json_count(rig_at(search(sandbox, "page_size=3").json, "data.orders")), 3);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, changes_orders_while_somebody_pages)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":4}");
    (void)usleep(1100000); /* a change one second later shows */
    (void)order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"change\",\"percent\":100}");
    struct reply page = search(sandbox, "page_size=2&sort_field=update_time&sort_order=ASC");
    int64_t before = rig_int(page.json, "data.orders.0.update_time"), latest = before;
    size_t seen = 2;
    for (int i = 0; i < 3 && token_of(sandbox, &page).size > 0; i++) {
        page = search_on(sandbox, token_of(sandbox, &page));
        seen += sp_json_count(rig_at(page.json, "data.orders"));
        latest = rig_int(page.json, "data.orders.0.update_time");
    }
    cr_assert(seen > 4, "%zu", seen); /* some came again further on */
    cr_assert(latest > before);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, answers_slowly)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":3}");
    struct reply whole = search(sandbox, "page_size=3");
    struct sp_text fault = sp_arena_printf(
        sandbox->arena, "{\"path\":\"/order\",\"kind\":\"slow\",\"bytes_per_second\":%zu}",
        whole.body.size / 2);
    (void)order_faults(sandbox, fault.data);
    int64_t began_us = sp_monotonic_us();
    struct reply slow = search(sandbox, "page_size=3");
    cr_assert(sp_monotonic_us() - began_us >= 1000000);
    cr_assert_eq(slow.status, 200);
    cr_assert_eq(slow.body.size, whole.body.size);
    cr_assert_eq(sp_json_count(rig_at(slow.json, "data.orders")), 3);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(edge, stops_while_an_answer_is_on_its_slow_way)
{
    struct process *sandbox = process_start(NULL);
    (void)order_faults(sandbox, "{\"path\":\"/order\",\"kind\":\"slow\",\"bytes_per_second\":2}");
    pid_t child = fork();
    if (child == 0) {
        (void)process_call(sandbox, "GET", "/order/202309/orders", NULL, NULL);
        _exit(0);
    }
    (void)usleep(200000);
    cr_assert_eq(process_stop(sandbox), 0);
    cr_assert_eq(waitpid(child, NULL, 0), child);
}

Test(edge, loses_the_answer_to_a_refresh_that_has_happened)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    (void)order_faults(sandbox, "{\"path\":\"/api/v2/token/refresh\",\"kind\":\"drop\"}");
    struct sp_text path = sp_arena_printf(
        sandbox->arena,
        "/api/v2/token/"
        "refresh?app_key=%s&app_secret=%s&refresh_token=%.*s&grant_type=refresh_token",
        sandbox->app_key, sandbox->app_secret, SP_FMT(sandbox->refresh_token));
    cr_assert_eq(process_call(sandbox, "GET", path.data, NULL, NULL).status, 0);
    struct reply reply = process_call(sandbox, "GET", path.data, NULL, NULL);
    cr_assert_eq(rig_int(reply.json, "code"), 36004005); /* the old one is void */
    cr_assert_eq(process_stop(sandbox), 0);
}
