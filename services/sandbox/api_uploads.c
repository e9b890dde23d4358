/* Pictures and files, sent as multipart/form-data.  Nothing is kept: the address of an upload comes
 * from its content. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "services/sandbox/api_routes.h"
#include "services/sandbox/image.h"

enum {
    MARK_BYTES = 10,
    LEAST_PIXELS = 100,
    MOST_PIXELS = 20000,
    IMAGE_BYTES = 10 * 1024 * 1024,
    PARCEL_IMAGE_BYTES = 5 * 1024 * 1024,
    FILE_BYTES = 10 * 1024 * 1024, /* the marketplace takes larger videos */
    FORMAT_BYTES = 8,
};

static struct sp_text part(const struct api_call *call, const char *name)
{
    for (size_t i = 0; i < call->part_count; i++) {
        if (sp_text_is(call->parts[i].name, name))
            return call->parts[i].data;
    }
    return (struct sp_text){0};
}

static struct sp_text mark_of(const struct api_call *call, struct sp_text data)
{
    uint8_t digest[SP_SHA256_BYTES];
    sp_sha256(data, digest);
    return sp_hex(call->arena, digest, MARK_BYTES);
}

static void put_url(struct api_call *call, struct sp_text mark)
{
    struct sp_text url =
        sp_arena_printf(call->arena, "https://images.example.com/tos-sandbox/%.*s", SP_FMT(mark));
    sp_json_put_string(&call->data, "url", url);
}

static bool fits(uint32_t pixels)
{
    return pixels >= LEAST_PIXELS && pixels <= MOST_PIXELS;
}

static enum api_error read_image(struct api_call *call, size_t most, struct sp_text *data)
{
    struct image_size size;
    *data = part(call, "data");
    if (data->size == 0)
        return api_fail(call, API_BODY_MISSING, "data");
    if (data->size > most)
        return API_FILE_TOO_BIG;
    if (!image_measure(*data, &size) || !fits(size.width) || !fits(size.height))
        return api_fail(call, API_INVALID_PARAM, "data");
    put_url(call, mark_of(call, *data));
    sp_json_put_int(&call->data, "width", size.width);
    sp_json_put_int(&call->data, "height", size.height);
    return API_OK;
}

enum api_error api_upload_image(struct api_call *call)
{
    static const char *const cases[] = {"MAIN_IMAGE", "ATTRIBUTE_IMAGE", "DESCRIPTION_IMAGE",
                                        "CERTIFICATION_IMAGE", "SIZE_CHART_IMAGE"};
    struct sp_text use = part(call, "use_case"), data;
    if (use.size == 0)
        use = sp_text_of(cases[0]);
    if (sp_text_among(use, cases, SP_COUNT(cases)) < 0)
        return api_fail(call, API_INVALID_PARAM, "use_case");
    enum api_error error = read_image(call, IMAGE_BYTES, &data);
    if (error != API_OK)
        return error;
    struct sp_text mark = mark_of(call, data);
    sp_json_put_string(&call->data, "uri",
                       sp_arena_printf(call->arena, "tos-sandbox/%.*s", SP_FMT(mark)));
    sp_json_put_string(&call->data, "use_case", use);
    return API_OK;
}

enum api_error api_upload_parcel_image(struct api_call *call)
{
    struct sp_text data;
    return read_image(call, PARCEL_IMAGE_BYTES, &data);
}

/* The format by the name's ending; NULL when the marketplace does not take it. */
static const char *format_of(struct sp_text name)
{
    static const char *const formats[] = {"PDF",  "MP4", "MOV", "MKV", "WMV",
                                          "WEBM", "AVI", "3GP", "FLV", "MPEG"};
    char ending[FORMAT_BYTES] = "";
    const char *dot = name.size == 0 ? NULL : memrchr(name.data, '.', name.size);
    size_t size = dot == NULL ? 0 : name.size - (size_t)(dot + 1 - name.data);
    for (size_t i = 0; i < size && size < FORMAT_BYTES; i++)
        ending[i] = (char)toupper((unsigned char)dot[1 + i]);
    for (size_t i = 0; i < SP_COUNT(formats); i++) {
        if (strcmp(ending, formats[i]) == 0)
            return formats[i];
    }
    return NULL;
}

static enum api_error read_file(struct api_call *call, const char **format)
{
    struct sp_text data = part(call, "data"), name = part(call, "name");
    *format = format_of(name);
    if (data.size == 0)
        return api_fail(call, API_BODY_MISSING, "data");
    if (name.size == 0)
        return api_fail(call, API_BODY_MISSING, "name");
    if (data.size > FILE_BYTES)
        return API_FILE_TOO_BIG;
    if (*format == NULL)
        return api_fail(call, API_INVALID_PARAM, "name");
    sp_json_put_string(&call->data, "name", name);
    put_url(call, mark_of(call, data));
    return API_OK;
}

enum api_error api_upload_file(struct api_call *call)
{
    const char *format;
    enum api_error error = read_file(call, &format);
    if (error != API_OK)
        return error;
    struct sp_text mark = mark_of(call, part(call, "data"));
    sp_json_put_string(&call->data, "id",
                       sp_arena_printf(call->arena, "v09sandbox%.*s", SP_FMT(mark)));
    sp_json_put_cstring(&call->data, "format", format);
    return API_OK;
}

enum api_error api_upload_parcel_file(struct api_call *call)
{
    const char *format;
    enum api_error error = read_file(call, &format);
    if (error == API_OK && strcmp(format, "PDF") != 0)
        return api_fail(call, API_INVALID_PARAM, "name");
    return error;
}
