/* Labels and slips.  Covers: document.c, document_png.c, api_package_document.c */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/sandbox/document.h"
#include "tests/sandbox/fulfil.h"

TestSuite(document, .init = fulfil_open, .fini = fulfil_close);

static bool has(const struct sp_buffer *out, const char *needle)
{
    return memmem(out->data, out->size, needle, strlen(needle)) != NULL;
}

static struct sp_buffer make(const struct shop *shop, uint32_t order, enum document_type type,
                             enum document_size size)
{
    struct sp_buffer out = {0};
    uint32_t package = packages_only(&shop->packages, &shop->book.orders[order]);
    struct document document = {shop, package, type, size};
    if (type == LABEL_PICTURE)
        document_put_png(&out, &document);
    else
        document_put_pdf(&out, &document);
    return out;
}

/* Follows startxref to the table and each entry to its object; how many there are. */
static size_t check_table(const struct sp_buffer *out)
{
    char *text = sp_alloc(out->size + 1), number[32];
    memcpy(text, out->data, out->size);
    for (size_t i = 0; i < out->size; i++)
        text[i] = text[i] == '\0' ? ' ' : text[i];
    char *start = strstr(text, "startxref\n");
    cr_assert(start != NULL && strstr(start, "%%EOF") != NULL);
    char *table = text + strtoul(start + 10, NULL, 10);
    cr_assert(strncmp(table, "xref\n0 ", 7) == 0);
    size_t count = strtoul(table + 7, &table, 10);
    table++;
    for (size_t i = 0; i < count; i++, table += 20) {
        cr_assert(memcmp(table + 10, i == 0 ? " 65535 f \n" : " 00000 n \n", 10) == 0);
        (void)snprintf(number, sizeof number, "%zu 0 obj\n", i);
        const char *object = text + strtoul(table, NULL, 10);
        cr_assert(i == 0 || strncmp(object, number, strlen(number)) == 0, "object %zu", i);
    }
    cr_assert(strncmp(table, "trailer\n", 8) == 0);
    free(text);
    return count;
}

/* Every stream is as long as it says. */
static void check_streams(const struct sp_buffer *out)
{
    const char *at = out->data, *end = out->data + out->size;
    while ((at = memmem(at, (size_t)(end - at), "/Length ", 8)) != NULL) {
        size_t size = strtoul(at + 8, NULL, 10);
        const char *stream = memmem(at, (size_t)(end - at), "stream\n", 7);
        cr_assert(strncmp(stream + 7 + size, "endstream\n", 10) == 0);
        at = stream;
    }
}

Test(document, is_a_pdf_whose_table_leads_to_every_object)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    static const struct {
        enum document_type type;
        enum document_size size;
        size_t objects;
        const char *holds;
    } cases[] = {{SHIPPING_LABEL, DOCUMENT_A6, 6, "/MediaBox [0 0 298 420]"},
                 {PACKING_SLIP, DOCUMENT_A5, 6, "/MediaBox [0 0 420 595]"},
                 {LABEL_AND_SLIP, DOCUMENT_A6, 8, "/Count 2"}};
    for (size_t i = 0; i < SP_COUNT(cases); i++) {
        struct sp_buffer out = make(fulfil_shop(BRITISH), at, cases[i].type, cases[i].size);
        cr_assert(strncmp(out.data, "%PDF-1.4\n", 9) == 0);
        cr_assert_eq(check_table(&out), cases[i].objects);
        check_streams(&out);
        cr_assert(has(&out, cases[i].holds));
        cr_assert(has(&out, fulfil_package_id(BRITISH, at)));
        sp_buffer_free(&out);
    }
}

Test(document, names_the_buyer_masked_and_the_goods)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    const struct shop *shop = fulfil_shop(BRITISH);
    struct sp_buffer label = make(shop, at, SHIPPING_LABEL, DOCUMENT_A6);
    cr_assert(has(&label, "***"));
    cr_assert_not(has(&label, "Canary"));
    struct sp_buffer slip = make(shop, at, PACKING_SLIP, DOCUMENT_A6);
    cr_assert(has(&slip, fulfil_text("(3 x %.*s", SP_FMT(shop->catalogue.skus[0].seller_sku))));
    cr_assert(has(&slip, fulfil_order_id(BRITISH, at)));
    cr_assert_not(has(&slip, "***"));
    sp_buffer_free(&label);
    sp_buffer_free(&slip);
}

Test(document, goes_on_over_as_many_pages_as_it_takes)
{
    struct shop *shop = fulfil_shop(BRITISH);
    struct order_line lines[80] = {{0}};
    for (uint32_t i = 0; i < SP_COUNT(lines); i++)
        lines[i] = (struct order_line){.sku = i % 20, .units = 1};
    struct order_draft draft = {
        .number = book_reserve(&shop->book, 1), .lines = lines, .line_count = SP_COUNT(lines)};
    draft.order.status = AWAITING_SHIPMENT;
    uint32_t at = book_add(&shop->book, &draft);
    package_follow(shop, at);
    struct sp_buffer out = make(shop, at, PACKING_SLIP, DOCUMENT_A6);
    cr_assert(has(&out, "/Count 3"));
    cr_assert_eq(check_table(&out), 10);
    check_streams(&out);
    sp_buffer_free(&out);
}

Test(document, escapes_what_means_something_in_a_pdf)
{
    struct shop *shop = fulfil_shop(BRITISH);
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    shop->catalogue.products[shop->catalogue.skus[0].product].title =
        SP_TEXT("Mug (\\) caf\xc3\xa9");
    struct sp_buffer out = make(shop, at, PACKING_SLIP, DOCUMENT_A6);
    cr_assert(has(&out, "Mug \\(\\\\\\) caf\?\?) '"));
    sp_buffer_free(&out);
}

static uint32_t be(const char *at)
{
    const unsigned char *byte = (const unsigned char *)at;
    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

Test(document, is_a_png_as_well)
{
    uint32_t at = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    struct sp_buffer out = make(fulfil_shop(BRITISH), at, LABEL_PICTURE, DOCUMENT_A6);
    cr_assert(memcmp(out.data, "\x89PNG\r\n\x1a\n", 8) == 0);
    cr_assert_eq(be(out.data + 16), 416);
    cr_assert_eq(be(out.data + 20), 584);
    size_t place = 8;
    for (int chunk = 0; chunk < 3; chunk++)
        place += 12 + be(out.data + place);
    cr_assert_eq(place, out.size);
    /* every PNG ends in the same twelve bytes, the sum of IEND among them */
    cr_assert(memcmp(out.data + out.size - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12) == 0);
    sp_buffer_free(&out);
}

/* ---- over the Open API
 * ------------------------------------------------------------------------------- */

static struct rig_answer ask(enum fulfil_shop shop, uint32_t order, const char *query)
{
    return fulfil_call(shop, "GET",
                       fulfil_text("/fulfillment/202309/packages/%s/shipping_documents",
                                   fulfil_package_id(shop, order)),
                       query, NULL);
}

Test(document, is_there_once_the_marketplace_ships_the_package)
{
    uint32_t open = fulfil_place(BRITISH, false, 1, AWAITING_SHIPMENT);
    uint32_t sent = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    uint32_t own = fulfil_place(BRITISH, true, 1, AWAITING_COLLECTION);
    cr_assert_eq(ask(BRITISH, open, "document_type=SHIPPING_LABEL").code, 21008123);
    cr_assert_eq(ask(BRITISH, own, "document_type=SHIPPING_LABEL").code, 21008106);
    struct rig_answer answer = ask(BRITISH, sent, "document_type=SHIPPING_LABEL&document_size=0");
    cr_assert_eq(answer.code, 0);
    cr_assert(rig_text(answer.data, "doc_url", fulfil_arena).size > 0);
    cr_assert(rig_text(answer.data, "tracking_number", fulfil_arena).size > 0);
    cr_assert_eq(ask(BRITISH, sent, "document_type=LABEL").code, 36009004);
    cr_assert_eq(ask(BRITISH, sent, "").code, 36009004);
    cr_assert_eq(ask(BRITISH, sent, "document_type=PACKING_SLIP&document_format=ZPL").code,
                 21008106);
    cr_assert_eq(ask(BRITISH, sent, "document_type=INVOICE_LABEL").code, 21008106);
}

Test(document, may_come_later_than_the_shipping)
{
    uint32_t sent = fulfil_place(BRITISH, false, 1, AWAITING_COLLECTION);
    fulfil_sandbox->options.label_lag_s = 60;
    cr_assert_eq(ask(BRITISH, sent, "document_type=SHIPPING_LABEL").code, 21008127);
    fulfil_sandbox->clock.latest += 60;
    cr_assert_eq(ask(BRITISH, sent, "document_type=SHIPPING_LABEL").code, 0);
}
