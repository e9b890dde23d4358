/* Where documents are fetched: no token, but an address that nobody can make up and that ends. */
#include "common/crypto.h"
#include "services/sandbox/document.h"
#include "services/sandbox/edge_routes.h"

enum { TAG_BYTES = 16 };

/* Type, size and end are told in the address as numbers. */
static struct sp_text tag_of(const struct sandbox *sandbox, const struct document *document,
                             int64_t until, struct sp_arena *arena)
{
    uint8_t tag[SP_SHA256_BYTES];
    const struct sp_text what = sp_arena_printf(
        arena, "document %u %u %d %d %lld", document->shop->index, document->package,
        (int)document->type, (int)document->size, (long long)until);
    sp_hmac(sp_text_of(sandbox->options.app_secret), &what, 1, tag);
    return sp_hex(arena, tag, TAG_BYTES);
}

struct sp_text document_url(struct sandbox *sandbox, const struct document *document,
                            struct sp_text host, struct sp_arena *arena)
{
    int64_t until = sandbox_now(sandbox) + DOCUMENT_LIFE;
    char text[ID_TEXT];
    struct sp_text id =
        ids_text(ids_make(&document->shop->ids, ID_PACKAGE, document->package + 1u), text);
    return sp_arena_printf(arena,
                           "http://%.*s/documents/%.*s?type=%d&size=%d&expires=%lld&tag=%.*s",
                           SP_FMT(host), SP_FMT(id), (int)document->type, (int)document->size,
                           (long long)until, SP_FMT(tag_of(sandbox, document, until, arena)));
}

static int64_t number_of(const struct sp_http_request *request, const char *name)
{
    int64_t value;
    return sp_text_to_int(sp_http_query(request, name), &value) ? value : -1;
}

/* The package of whatever shop. */
static bool find_package(const struct sandbox *sandbox, struct sp_text id,
                         struct document *document)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        document->shop = &sandbox->shops[i];
        document->package = packages_find(&document->shop->packages,
                                          ids_counter(&document->shop->ids, ID_PACKAGE, id));
        if (document->package != PACKAGE_NONE)
            return true;
    }
    return false;
}

static bool read_document(struct sandbox *sandbox, const struct sp_http_request *request,
                          struct document *document)
{
    int64_t type = number_of(request, "type"), size = number_of(request, "size");
    int64_t until = number_of(request, "expires");
    if (!find_package(sandbox, request->params[0], document) || type < 0 ||
        type >= DOCUMENT_TYPES || size < DOCUMENT_A6 || size > DOCUMENT_A5)
        return false;
    document->type = (enum document_type)type;
    document->size = (enum document_size)size;
    struct sp_text right = tag_of(sandbox, document, until, request->arena);
    return sp_secret_equal(sp_http_query(request, "tag"), right) && until > sandbox_now(sandbox);
}

void document_serve(struct sp_http_request *request, void *context)
{
    struct edge *edge = context;
    struct document document = {0};
    if (!read_document(edge->sandbox, request, &document)) {
        sp_http_answer(request, 403, "text/plain", SP_TEXT("The address is wrong or has ended.\n"),
                       NULL);
        return;
    }
    struct sp_buffer out = {0};
    bool picture = document.type == LABEL_PICTURE;
    if (picture)
        document_put_png(&out, &document);
    else
        document_put_pdf(&out, &document);
    sp_http_answer(request, 200, picture ? "image/png" : "application/pdf", sp_buffer_text(&out),
                   NULL);
    sp_buffer_free(&out);
}
