/* About the Open API itself: which addresses it has. */
#include "services/sandbox/api.h"
#include "services/sandbox/control.h"
#include "services/sandbox/edge_routes.h"

void control_list_routes(struct sp_http_request *request, void *context)
{
    (void)context;
    struct sp_buffer out = {0};
    struct sp_json_writer json = sp_json_writer(&out);
    sp_json_open_object(&json, NULL);
    sp_json_open_array(&json, "routes");
    for (const struct api_route *route = api_routes; route->path != NULL; route++) {
        sp_json_open_object(&json, NULL);
        sp_json_put_cstring(&json, "method", route->method);
        sp_json_put_cstring(&json, "path", route->path);
        sp_json_put_cstring(&json, "scope", grants_scope_name(route->scope));
        sp_json_put_bool(&json, "cipher", route->cipher == CIPHER_REQUIRED);
        sp_json_close_object(&json);
    }
    sp_json_close_array(&json);
    sp_json_close_object(&json);
    control_answer(request, 200, &out);
}
