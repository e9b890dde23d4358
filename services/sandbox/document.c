/* Documents as PDF 1.4: pages of plain lines in one of the fonts that every viewer has. */
#include "services/sandbox/document.h"

#include <stdlib.h>
#include <string.h>

#include "services/sandbox/buyer.h"
#include "services/sandbox/package_json.h"
#include "services/sandbox/package_trade.h"

enum { CATALOG = 1, PAGES, FONT, FIRST_PAGE, MARGIN = 20, LEADING = 12, FONT_SIZE = 9 };

static const char *const type_names[DOCUMENT_TYPES] = {
    [SHIPPING_LABEL] = "SHIPPING_LABEL",
    [PACKING_SLIP] = "PACKING_SLIP",
    [LABEL_AND_SLIP] = "SHIPPING_LABEL_AND_PACKING_SLIP",
    [LABEL_PICTURE] = "SHIPPING_LABEL_PICTURE",
    [HAZMAT_LABEL] = "HAZMAT_LABEL",
    [INVOICE_LABEL] = "INVOICE_LABEL",
};

static const struct {
    int width, height; /* points */
} sizes[] = {[DOCUMENT_A6] = {298, 420}, [DOCUMENT_A5] = {420, 595}};

int document_type_of(struct sp_text name)
{
    return sp_text_among(name, type_names, DOCUMENT_TYPES);
}

enum document_size document_size_of(struct sp_text name)
{
    return sp_text_is(name, "A5") ? DOCUMENT_A5 : DOCUMENT_A6;
}

/* ---- what it says: lines, and \f where a page ends
 * ------------------------------------------------------ */

static void put_head(struct sp_buffer *text, const struct document *document, const char *title)
{
    const struct shop *shop = document->shop;
    const struct package *package = &shop->packages.packages[document->package];
    char id[ID_TEXT], number[PACKAGE_TRACKING];
    struct sp_text package_id =
        ids_text(ids_make(&shop->ids, ID_PACKAGE, document->package + 1u), id);
    struct sp_text tracking = package_tracking(shop, document->package, number);
    sp_buffer_printf(text, "%s\n\nPackage %.*s\nTracking %.*s\nCarrier %s\n", title,
                     SP_FMT(package_id), SP_FMT(tracking), carrier_name(package->carrier));
}

static void put_label(struct sp_buffer *text, const struct document *document)
{
    const struct shop *shop = document->shop;
    uint32_t at = shop->packages.packages[document->package].order;
    const struct order *order = &shop->book.orders[at];
    const struct region *region = region_at(order->country);
    struct buyer buyer;
    buyer_of(shop, order, &buyer);
    put_head(text, document, "SHIPPING LABEL");
    sp_buffer_printf(text, "\nFrom\n%s\n1 Harbour Road\n\nTo\n%s\n%s\n%s %s\n%s\n", shop->name,
                     buyer.name, buyer.street, buyer.postal_code, buyer.town, region->name);
}

static void put_goods(struct sp_buffer *text, const struct document *document,
                      const struct order *order)
{
    const struct shop *shop = document->shop;
    const struct order_line *lines = book_lines(&shop->book, order);
    uint32_t first = 0;
    for (uint32_t i = 0; i < order->line_count; first += lines[i].units, i++) {
        uint32_t units = packages_between(&shop->packages, order, document->package, first,
                                          first + lines[i].units);
        if (units == 0)
            continue;
        const struct sku *sku = &shop->catalogue.skus[lines[i].sku];
        sp_buffer_printf(text, "%u x %.*s  %.*s\n", units, SP_FMT(sku->seller_sku),
                         SP_FMT(shop->catalogue.products[sku->product].title));
    }
}

static void put_slip(struct sp_buffer *text, const struct document *document)
{
    const struct shop *shop = document->shop;
    uint32_t at = shop->packages.packages[document->package].order;
    put_head(text, document, "PACKING SLIP");
    for (; at != BOOK_NONE; at = package_next_order(shop, at)) {
        char id[ID_TEXT];
        struct sp_text order_id =
            ids_text(ids_make(&shop->ids, ID_ORDER, shop->book.orders[at].number), id);
        sp_buffer_printf(text, "\nOrder %.*s\n", SP_FMT(order_id));
        put_goods(text, document, &shop->book.orders[at]);
    }
}

static void put_text(struct sp_buffer *text, const struct document *document)
{
    if (document->type != PACKING_SLIP)
        put_label(text, document);
    if (document->type == LABEL_AND_SLIP)
        sp_buffer_put_string(text, "\f");
    if (document->type == PACKING_SLIP || document->type == LABEL_AND_SLIP)
        put_slip(text, document);
}

/* ---- how it is written
 * ------------------------------------------------------------------------------- */

struct pdf {
    struct sp_buffer *out;
    size_t *offsets; /* of object 1, 2, … */
    size_t count, capacity;
    enum document_size size;
};

static void begin_object(struct pdf *pdf, size_t number)
{
    if (number > pdf->capacity) {
        pdf->capacity = number * 2;
        pdf->offsets = sp_realloc(pdf->offsets, pdf->capacity * sizeof *pdf->offsets);
    }
    pdf->count = number > pdf->count ? number : pdf->count;
    pdf->offsets[number - 1] = pdf->out->size;
    sp_buffer_printf(pdf->out, "%zu 0 obj\n", number);
}

/* One line as a string; what is not ASCII the font cannot show. */
static void put_line(struct sp_buffer *content, struct sp_text line)
{
    sp_buffer_put_string(content, "(");
    for (size_t i = 0; i < line.size; i++) {
        unsigned char byte = (unsigned char)line.data[i];
        if (byte == '(' || byte == ')' || byte == '\\')
            sp_buffer_put_string(content, "\\");
        sp_buffer_put(content, byte < ' ' || byte > '~' ? "?" : &line.data[i], 1);
    }
    sp_buffer_put_string(content, ") '\n");
}

/* Takes one page's lines off the front of the text. */
static void put_content(struct pdf *pdf, struct sp_text *text, struct sp_buffer *content)
{
    int height = sizes[pdf->size].height, room = (height - 2 * MARGIN) / LEADING;
    sp_buffer_reset(content);
    sp_buffer_printf(content, "BT\n/F1 %d Tf\n%d TL\n%d %d Td\n", FONT_SIZE, LEADING, MARGIN,
                     height - MARGIN);
    for (bool ended = false; !ended && room > 0 && text->size > 0; room--) {
        size_t size = 0;
        while (text->data[size] != '\n' && text->data[size] != '\f')
            size++;
        ended = text->data[size] == '\f';
        if (!ended)
            put_line(content, (struct sp_text){text->data, size});
        *text = (struct sp_text){text->data + size + 1, text->size - size - 1};
    }
    sp_buffer_put_string(content, "ET\n");
}

static void put_page(struct pdf *pdf, size_t number, const struct sp_buffer *content)
{
    begin_object(pdf, number);
    sp_buffer_printf(pdf->out,
                     "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Contents %zu 0 R"
                     " /Resources << /Font << /F1 %d 0 R >> >> >>\nendobj\n",
                     PAGES, sizes[pdf->size].width, sizes[pdf->size].height, number + 1, FONT);
    begin_object(pdf, number + 1);
    sp_buffer_printf(pdf->out, "<< /Length %zu >>\nstream\n", content->size);
    sp_buffer_put_text(pdf->out, sp_buffer_text(content));
    sp_buffer_put_string(pdf->out, "endstream\nendobj\n");
}

static void put_tree(struct pdf *pdf, size_t pages)
{
    begin_object(pdf, CATALOG);
    sp_buffer_printf(pdf->out, "<< /Type /Catalog /Pages %d 0 R >>\nendobj\n", PAGES);
    begin_object(pdf, PAGES);
    sp_buffer_put_string(pdf->out, "<< /Type /Pages /Kids [");
    for (size_t i = 0; i < pages; i++)
        sp_buffer_printf(pdf->out, "%s%zu 0 R", i > 0 ? " " : "", FIRST_PAGE + 2 * i);
    sp_buffer_printf(pdf->out, "] /Count %zu >>\nendobj\n", pages);
    begin_object(pdf, FONT);
    sp_buffer_put_string(pdf->out, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\n"
                                   "endobj\n");
}

/* Each entry has 20 bytes. */
static void put_table(struct pdf *pdf)
{
    size_t start = pdf->out->size;
    sp_buffer_printf(pdf->out, "xref\n0 %zu\n0000000000 65535 f \n", pdf->count + 1);
    for (size_t i = 0; i < pdf->count; i++)
        sp_buffer_printf(pdf->out, "%010zu 00000 n \n", pdf->offsets[i]);
    sp_buffer_printf(pdf->out, "trailer\n<< /Size %zu /Root %d 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
                     pdf->count + 1, CATALOG, start);
}

void document_put_pdf(struct sp_buffer *out, const struct document *document)
{
    struct pdf pdf = {.out = out, .size = document->size};
    struct sp_buffer text = {0}, content = {0};
    size_t pages = 0;
    put_text(&text, document);
    struct sp_text rest = sp_buffer_text(&text);
    sp_buffer_put_string(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
    for (; rest.size > 0; pages++) {
        put_content(&pdf, &rest, &content);
        put_page(&pdf, FIRST_PAGE + 2 * pages, &content);
    }
    put_tree(&pdf, pages);
    put_table(&pdf);
    free(pdf.offsets);
    sp_buffer_free(&text);
    sp_buffer_free(&content);
}
