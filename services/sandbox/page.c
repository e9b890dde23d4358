#include "services/sandbox/page.h"

/* Forms may end at another origin: a consent leads back to the hub.  So form-action is not limited.
 */
static const char *const headers[] = {
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'none'",
    NULL,
};

void page_put(struct sp_buffer *out, struct sp_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&':
            sp_buffer_put_string(out, "&amp;");
            break;
        case '<':
            sp_buffer_put_string(out, "&lt;");
            break;
        case '>':
            sp_buffer_put_string(out, "&gt;");
            break;
        case '"':
            sp_buffer_put_string(out, "&quot;");
            break;
        case '\'':
            sp_buffer_put_string(out, "&#39;");
            break;
        default:
            sp_buffer_put(out, &text.data[i], 1);
        }
    }
}

void page_put_string(struct sp_buffer *out, const char *text)
{
    page_put(out, sp_text_of(text));
}

void page_begin(struct sp_buffer *out, const char *title)
{
    sp_buffer_put_string(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>"
        "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1.5rem .2rem 0}"
        "button{font:inherit;padding:.5rem 1.2rem;margin-right:.5rem}"
        "</style><title>");
    page_put_string(out, title);
    sp_buffer_put_string(out, "</title></head><body><h1>");
    page_put_string(out, title);
    sp_buffer_put_string(out, "</h1>");
}

void page_answer(struct sp_http_request *request, int status, struct sp_buffer *out)
{
    sp_buffer_put_string(out, "</body></html>\n");
    sp_http_answer(request, status, "text/html; charset=utf-8", sp_buffer_text(out), headers);
    sp_buffer_free(out);
}
