/* Labels and slips: only where the marketplace ships, and only once the package is sent off. */
#include "services/sandbox/api_package.h"
#include "services/sandbox/document.h"
#include "services/sandbox/package_json.h"

static enum api_error check_package(const struct api_call *call, uint32_t at)
{
    const struct package *package = &call->shop->packages.packages[at];
    int64_t now = sandbox_now(call->sandbox);
    if (call->shop->book.orders[package->order].by_seller ||
        api_flow(call, package->order) == FLOW_NONE)
        return API_FULFIL_REGION;
    if (package->status == TO_FULFILL)
        return API_PACKAGE_NOT_SHIPPED;
    if (!package_is_shipped(package))
        return API_PACKAGE_STATUS;
    bool early = now < package->shipped + call->sandbox->options.label_lag_s;
    return early ? API_DOCUMENT_NOT_READY : API_OK;
}

/* No goods here are dangerous, and no shop is in Brazil or Mexico.  An unknown size is A6: some
 * clients send 0. */
static enum api_error read_document(struct api_call *call, struct document *document)
{
    struct sp_text format = api_query(call, "document_format");
    int type = document_type_of(api_query(call, "document_type"));
    if (type < 0 || type == HAZMAT_LABEL)
        return api_fail(call, API_INVALID_PARAM, "document_type");
    if (type == INVOICE_LABEL || sp_text_is(format, "ZPL"))
        return API_FULFIL_REGION;
    if (format.size > 0 && !sp_text_is(format, "PDF"))
        return api_fail(call, API_INVALID_PARAM, "document_format");
    document->type = (enum document_type)type;
    document->size = document_size_of(api_query(call, "document_size"));
    return API_OK;
}

enum api_error api_shipping_documents(struct api_call *call)
{
    struct document document = {.shop = call->shop};
    char text[PACKAGE_TRACKING];
    enum api_error error = api_find_package(call, call->path_params[0], &document.package);
    if (error == API_OK)
        error = check_package(call, document.package);
    if (error == API_OK)
        error = read_document(call, &document);
    if (error != API_OK)
        return error;
    sp_json_put_string(&call->data, "doc_url",
                       document_url(call->sandbox, &document, call->request->host, call->arena));
    sp_json_put_string(&call->data, "tracking_number",
                       package_tracking(call->shop, document.package, text));
    return API_OK;
}
