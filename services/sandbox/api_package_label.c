/* Buying labels, in the US: what carrying would cost, and the package that comes of buying. */
#include <string.h>

#include "services/sandbox/api_package.h"
#include "services/sandbox/package_json.h"

enum { MILLI = 1000, POUND_MILLIGRAMS = 453592, GRAMS_A_CENT = 40, MOST_MILLI = 1000000000 };

static const struct {
    const char *carrier, *name;
    int64_t base_minor;
    int64_t earliest, latest; /* days */
} services[] = {
    {"USPS", "USPS Ground Advantage", 415, 3, 5},
    {"USPS", "USPS Priority Mail", 790, 1, 3},
    {"UPS", "UPS Ground Saver", 480, 2, 6},
};

static uint32_t carrier_of(uint32_t service)
{
    uint32_t carrier = 0;
    while (strcmp(carrier_name(carrier), services[service].carrier) != 0)
        carrier++;
    return carrier;
}

/* ---- what is asked
 * ----------------------------------------------------------------------------------- */

/* A positive number with up to three decimals, as text. */
static bool read_number(struct api_call *call, struct sp_json from, const char *name,
                        struct sp_text *text, int64_t *milli)
{
    struct sp_json value = sp_json_get(from, name);
    *text = sp_json_text(value, call->arena);
    return sp_json_minor(value, 3, milli) == SP_OK && *milli > 0 && *milli <= MOST_MILLI;
}

static bool read_unit(struct api_call *call, struct sp_json from, const char *const allowed[2],
                      struct sp_text *unit)
{
    *unit = sp_json_text(sp_json_get(from, "unit"), call->arena);
    return sp_text_is(*unit, allowed[0]) || sp_text_is(*unit, allowed[1]);
}

static enum api_error read_parcel(struct api_call *call, struct parcel *parcel, int64_t *grams)
{
    static const char *const lengths[] = {"CM", "INCH"}, *const weights[] = {"GRAM", "POUND"};
    struct sp_json size = sp_json_get(call->body, "dimension");
    struct sp_json weight = sp_json_get(call->body, "weight");
    int64_t milli;
    if (!read_number(call, size, "length", &parcel->length, &milli) ||
        !read_number(call, size, "width", &parcel->width, &milli) ||
        !read_number(call, size, "height", &parcel->height, &milli) ||
        !read_unit(call, size, lengths, &parcel->size_unit))
        return api_fail(call, API_INVALID_PARAM, "dimension");
    if (!read_number(call, weight, "value", &parcel->weight, &milli) ||
        !read_unit(call, weight, weights, &parcel->weight_unit))
        return api_fail(call, API_INVALID_PARAM, "weight");
    bool pounds = sp_text_is(parcel->weight_unit, "POUND");
    *grams = pounds ? milli * POUND_MILLIGRAMS / MILLI / MILLI : milli / MILLI;
    return API_OK;
}

struct wish {
    uint32_t order;
    bool *wanted;
    struct parcel parcel;
    int64_t grams;
};

static enum api_error read_wish(struct api_call *call, struct sp_text order_id, struct wish *wish)
{
    enum api_error error = api_find_order(call, order_id, &wish->order);
    if (error == API_OK && api_flow(call, wish->order) != FLOW_LABEL)
        error = API_FULFIL_REGION;
    if (error == API_OK)
        error = api_read_items(call, wish->order, sp_json_get(call->body, "order_line_item_ids"),
                               &wish->wanted);
    if (error == API_OK)
        error = read_parcel(call, &wish->parcel, &wish->grams);
    return error == API_OK ? api_check_units(call, wish->order, wish->wanted) : error;
}

/* ---- answers
 * ----------------------------------------------------------------------------------------- */

static void put_service(struct api_call *call, uint32_t service, int64_t grams)
{
    const struct shop *shop = call->shop;
    uint32_t carrier = carrier_of(service);
    api_put_id(&call->data, "id", ids_make(&shop->ids, ID_SHIPPING_SERVICE, service + 1u));
    sp_json_put_cstring(&call->data, "name", services[service].name);
    sp_json_put_minor(&call->data, "price", services[service].base_minor + grams / GRAMS_A_CENT,
                      shop->region->digits);
    sp_json_put_cstring(&call->data, "currency", shop->region->currency);
    api_put_id(&call->data, "shipping_provider_id", ids_make(&shop->ids, ID_CARRIER, carrier + 1u));
    sp_json_put_cstring(&call->data, "shipping_provider_name", carrier_name(carrier));
    sp_json_put_int(&call->data, "earliest_delivery_days", services[service].earliest);
    sp_json_put_int(&call->data, "latest_delivery_days", services[service].latest);
}

enum api_error api_query_services(struct api_call *call)
{
    struct wish wish;
    enum api_error error = read_wish(call, call->path_params[0], &wish);
    if (error != API_OK)
        return error;
    sp_json_put_string(&call->data, "order_id", call->path_params[0]);
    api_put_items(&call->data, "order_line_id", call->shop, wish.order, wish.wanted);
    parcel_put(&call->data, &wish.parcel);
    sp_json_open_array(&call->data, "shipping_services");
    for (uint32_t i = 0; i < SP_COUNT(services); i++) {
        sp_json_open_object(&call->data, NULL);
        put_service(call, i, wish.grams);
        sp_json_put_bool(&call->data, "is_default", i == 0);
        sp_json_close_object(&call->data);
    }
    sp_json_close_array(&call->data);
    return API_OK;
}

/* A copy that lives as long as the shop. */
static const struct parcel *keep_parcel(struct shop *shop, const struct parcel *parcel)
{
    struct sp_arena *texts = packages_texts(&shop->packages);
    struct parcel *kept = sp_arena_alloc(texts, sizeof *kept);
    *kept = (struct parcel){
        .length = sp_arena_copy(texts, parcel->length),
        .width = sp_arena_copy(texts, parcel->width),
        .height = sp_arena_copy(texts, parcel->height),
        .size_unit = sp_arena_copy(texts, parcel->size_unit),
        .weight = sp_arena_copy(texts, parcel->weight),
        .weight_unit = sp_arena_copy(texts, parcel->weight_unit),
        .service = parcel->service,
    };
    return kept;
}

/* Without one, the first. */
static enum api_error read_service(struct api_call *call, uint32_t *service)
{
    struct sp_text id = sp_json_text(sp_json_get(call->body, "shipping_service_id"), call->arena);
    uint64_t number = id.size == 0 ? 1 : ids_counter(&call->shop->ids, ID_SHIPPING_SERVICE, id);
    *service = (uint32_t)number - 1;
    return number >= 1 && number <= SP_COUNT(services)
               ? API_OK
               : api_fail(call, API_INVALID_PARAM, "shipping_service_id");
}

static enum api_error buy(struct api_call *call, struct sp_text order_id, struct wish *wish,
                          uint32_t *package)
{
    enum api_error error = read_wish(call, order_id, wish);
    if (error == API_OK)
        error = read_service(call, &wish->parcel.service);
    if (error != API_OK)
        return error;
    struct shipment shipment = {
        .handover = HANDOVER_DROP_OFF,
        .carrier = carrier_of(wish->parcel.service),
        .parcel = keep_parcel(call->shop, &wish->parcel),
    };
    *package = package_of_units(call->shop, wish->order, wish->wanted, sandbox_now(call->sandbox));
    package_send(call->sandbox, call->shop, *package, &shipment);
    return API_OK;
}

enum api_error api_create_package(struct api_call *call)
{
    struct sp_text order_id = sp_json_text(sp_json_get(call->body, "order_id"), call->arena);
    struct wish wish;
    uint32_t package;
    enum api_error error = buy(call, order_id, &wish, &package);
    api_note_told(call, "told-label", order_id, error);
    if (error != API_OK)
        return error;
    api_put_id(&call->data, "package_id", ids_make(&call->shop->ids, ID_PACKAGE, package + 1u));
    sp_json_put_string(&call->data, "order_id", order_id);
    api_put_items(&call->data, "order_line_item_ids", call->shop, wish.order, wish.wanted);
    parcel_put(&call->data, &wish.parcel);
    sp_json_open_object(&call->data, "shipping_service_info");
    put_service(call, wish.parcel.service, wish.grams);
    sp_json_close_object(&call->data);
    sp_json_put_int(&call->data, "create_time", call->shop->packages.packages[package].created);
    return API_OK;
}
