/* Fulfilment in the running program: a label fetched by its address, webhooks of packages.  Covers:
 * document_serve.c, edge.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sandbox/process.h"
#include "tests/sandbox/rig.h"

/* An order that the marketplace ships, with its package; as many are placed as it takes. */
static struct sp_json place(struct process *sandbox)
{
    (void)process_call(sandbox, "POST", "/sandbox/orders", NULL, "{\"count\":40}");
    struct reply found =
        process_signed(sandbox, "POST", "/order/202309/orders/search", "page_size=40",
                       "{\"shipping_type\":\"TIKTOK\",\"order_status\":\"AWAITING_SHIPMENT\"}");
    struct sp_json_walk walk = sp_json_each(rig_at(found.json, "data.orders"));
    struct sp_json order;
    while (sp_json_next(&walk, NULL, &order)) {
        size_t units = sp_json_count(sp_json_get(order, "line_items"));
        if (units > 1 && units < 7)
            return order;
    }
    sp_assert_failed("an order of a few units", __FILE__, __LINE__);
}

static const char *package_path(struct process *sandbox, struct sp_json order, const char *rest)
{
    struct sp_text id = rig_text(order, "packages.0.id", sandbox->arena);
    return sp_arena_printf(sandbox->arena, "/fulfillment/202309/packages/%.*s%s%c", SP_FMT(id),
                           rest, 0)
        .data;
}

/* Whether poppler finds the text in it; true where it is not installed. */
static bool poppler_reads(struct sp_text pdf, const char *expected)
{
    char from[] = "/tmp/sandbox-pdf-XXXXXX", to[] = "/tmp/sandbox-txt-XXXXXX", text[4096];
    int fd = mkstemp(from), status;
    cr_assert(write(fd, pdf.data, pdf.size) == (ssize_t)pdf.size);
    (void)close(fd);
    fd = mkstemp(to);
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("pdftotext", "pdftotext", from, to, (char *)NULL);
        _exit(127);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    ssize_t size = read(fd, text, sizeof text);
    (void)close(fd);
    (void)unlink(from);
    (void)unlink(to);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return true;
    return status == 0 && size > 0 && sp_text_holds((struct sp_text){text, (size_t)size}, expected);
}

Test(fulfilment, ships_a_package_and_fetches_its_label_by_the_address_alone)
{
    struct process *sandbox = process_start(NULL);
    process_authorize(sandbox);
    struct sp_json order = place(sandbox);
    struct reply reply = process_signed(sandbox, "POST", package_path(sandbox, order, "/ship"), "",
                                        "{\"handover_method\":\"DROP_OFF\"}");
    cr_assert_eq(rig_int(reply.json, "code"), 0);
    reply = process_signed(sandbox, "GET", package_path(sandbox, order, "/shipping_documents"),
                           "document_type=SHIPPING_LABEL_AND_PACKING_SLIP", NULL);
    struct sp_text url = rig_text(reply.json, "data.doc_url", sandbox->arena);
    struct sp_text number = rig_text(reply.json, "data.tracking_number", sandbox->arena);
    static const char start[] = "http://sandbox/documents/"; /* the host that was called */
    cr_assert(url.size > sizeof start && memcmp(url.data, start, sizeof start - 1) == 0);
    const char *target =
        sp_arena_printf(sandbox->arena, "%.*s%c", (int)url.size - 14, url.data + 14, 0).data;
    reply = process_call(sandbox, "GET", target, NULL, NULL);
    cr_assert_eq(reply.status, 200);
    cr_assert(sp_text_is(reply_header(&reply, "Content-Type"), "application/pdf"));
    cr_assert(memcmp(reply.body.data, "%PDF-1.4", 8) == 0);
    const char *expected = sp_arena_printf(sandbox->arena, "%.*s%c", SP_FMT(number), 0).data;
    cr_assert(sp_text_holds(reply.body, expected));
    cr_assert(poppler_reads(reply.body, expected));
    char *forged = sp_strdup(target);
    forged[strlen(forged) - 1] = forged[strlen(forged) - 1] == '0' ? '1' : '0';
    cr_assert_eq(process_call(sandbox, "GET", forged, NULL, NULL).status, 403);
    free(forged);
    cr_assert_eq(process_call(sandbox, "GET", "/documents/5?type=0", NULL, NULL).status, 403);
    cr_assert_eq(process_stop(sandbox), 0);
}

Test(fulfilment, tells_the_app_that_packages_have_changed)
{
    struct ear *ear = ear_open(0);
    char setting[80];
    (void)snprintf(setting, sizeof setting, "SAMPAN_SANDBOX_WEBHOOK_URL=http://127.0.0.1:%d/x",
                   ear->port);
    const char *const settings[] = {setting, NULL};
    struct process *sandbox = process_start(settings);
    process_authorize(sandbox);
    struct sp_json order = place(sandbox);
    size_t before = ear_wait(ear, 40);
    struct sp_text id = rig_text(order, "id", sandbox->arena);
    struct sp_buffer body = {0};
    struct sp_json_walk walk = sp_json_each(sp_json_get(order, "line_items"));
    struct sp_json item;
    sp_buffer_put_string(&body, "{\"splittable_groups\":[");
    for (size_t i = 0; sp_json_next(&walk, NULL, &item); i++)
        sp_buffer_printf(&body, "%s{\"id\":\"%zu\",\"order_line_item_ids\":[\"%.*s\"]}",
                         i > 0 ? "," : "", i, SP_FMT(rig_text(item, "id", sandbox->arena)));
    sp_buffer_put(&body, "]}", 3);
    const char *path =
        sp_arena_printf(sandbox->arena, "/fulfillment/202309/orders/%.*s/split%c", SP_FMT(id), 0)
            .data;
    struct reply reply = process_signed(sandbox, "POST", path, "", body.data);
    cr_assert_eq(rig_int(reply.json, "code"), 0);
    cr_assert_eq(ear_wait(ear, before + 1), before + 1);
    struct sp_json notice;
    cr_assert_eq(sp_json_parse(sp_text_of(ear->heard[before].body), &notice, NULL), SP_OK);
    cr_assert_eq(rig_int(notice, "type"), 4);
    cr_assert(sp_text_is(rig_text(notice, "data.sc_type", sandbox->arena), "SPLIT"));
    cr_assert(sp_text_is(rig_text(notice, "data.role_type", sandbox->arena), "ROLE_SELLER"));
    cr_assert(
        sp_text_equal(rig_text(notice, "data.package_list.0.order_id_list.0", sandbox->arena), id));
    cr_assert(sp_text_equal(rig_text(notice, "data.package_list.0.package_id", sandbox->arena),
                            rig_text(reply.json, "data.packages.0.id", sandbox->arena)));
    sp_buffer_free(&body);
    cr_assert_eq(process_stop(sandbox), 0);
}
