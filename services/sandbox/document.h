/* Shipping documents: real PDF and PNG bytes, made anew each time they are asked for. */
#ifndef SANDBOX_DOCUMENT_H
#define SANDBOX_DOCUMENT_H

#include "common/arena.h"
#include "common/buffer.h"
#include "services/sandbox/sandbox.h"

enum document_type {
    SHIPPING_LABEL,
    PACKING_SLIP,
    LABEL_AND_SLIP,
    LABEL_PICTURE, /* PNG */
    HAZMAT_LABEL,
    INVOICE_LABEL, /* Brazil's */
    DOCUMENT_TYPES,
};

enum document_size { DOCUMENT_A6, DOCUMENT_A5 };

enum { DOCUMENT_LIFE = 86400 }; /* seconds an address is good for */

struct document {
    const struct shop *shop;
    uint32_t package;
    enum document_type type;
    enum document_size size;
};

int document_type_of(struct sp_text name); /* -1 when unknown */
/* What is neither counts as A6. */
enum document_size document_size_of(struct sp_text name);

/* document.c, document_png.c */
void document_put_pdf(struct sp_buffer *out, const struct document *document);
void document_put_png(struct sp_buffer *out, const struct document *document);

/* document_serve.c: where anybody can fetch it for a day, at the host the app has called. */
struct sp_text document_url(struct sandbox *sandbox, const struct document *document,
                            struct sp_text host, struct sp_arena *arena);

#endif
