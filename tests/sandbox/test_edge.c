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

static bool has(struct sp_text text, const char *needle)
{
    return text.size > 0 && memmem(text.data, text.size, needle, strlen(needle)) != NULL;
}

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
    cr_assert(has(reply.body, "<html>"));
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
            units += rig_count(sp_json_get(order, "line_items"));
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
    cr_assert(has(all, "\"what\":\"served-orders\",\"orders\":[["));
    cr_assert(has(
        all, "\"what\":\"call\",\"method\":\"POST\",\"route\":\"/order/202309/orders/search\""));
    cr_assert(has(all, "\"page_size\":\"10\"},\"body\":{},\"code\":0}"));
    cr_assert_not(has(all, "sign\""));
    cr_assert(has(all, "\"what\":\"tokens-given\""));
    cr_assert_not(has(all, "Canary"));
    cr_assert_not(has(all, token));
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
