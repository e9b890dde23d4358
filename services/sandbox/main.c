/* sampan-sandbox: a local TikTok Shop.  run | config | health | version */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/admin.h"
#include "common/crypto.h"
#include "common/log.h"
#include "services/sandbox/edge.h"
#include "services/sandbox/settings.h"

extern char **environ;

static void on_stop(void *context)
{
    struct sp_loop **loop = context;
    sp_loop_stop(*loop);
}

static void report_start(const struct sandbox *sandbox, const char *bind)
{
    char orders[32];
    (void)snprintf(orders, sizeof orders, "%zu", sandbox->shops[0].book.order_count);
    sp_log(SP_INFO, "sandbox-open", "bind", bind, "orders", orders, NULL);
}

/* The loop comes first: no thread may exist before it has blocked the signals. */
static enum sp_result serve(const struct sp_config *config, struct sp_error *err)
{
    static struct sp_loop *loop;
    struct sandbox_options options = sandbox_options_of(config);
    const char *bind = sp_config_text(config, "SAMPAN_SANDBOX_BIND");
    struct sandbox *sandbox = NULL;
    struct edge *edge = NULL;
    loop = sp_loop_open(on_stop, &loop);
    enum sp_result result = sandbox_open(&sandbox, &options, err);
    if (result == SP_OK)
        result = edge_open(&edge, sandbox, loop, bind, err);
    if (result == SP_OK) {
        notifier_open(&sandbox->notifier,
                      &(struct notifier_options){.app_key = options.app_key,
                                                 .app_secret = options.app_secret,
                                                 .seed = options.seed,
                                                 .first_retry_ms = options.first_retry_ms,
                                                 .truth = sandbox->truth});
        report_start(sandbox, bind);
        sp_loop_run(loop);
        sp_log(SP_INFO, "sandbox-closed", NULL);
    }
    edge_close(&edge);
    sandbox_close(&sandbox);
    sp_loop_close(&loop);
    return result;
}

static int run(const struct sp_config *config)
{
    struct sp_error err;
    sp_log_setup("sandbox", sp_log_level_of(sp_config_text(config, "SAMPAN_LOG_LEVEL")));
    sp_crypto_setup();
    enum sp_result result = serve(config, &err);
    if (result == SP_OK)
        return 0;
    sp_log(SP_ERROR, "cannot-start", "error", err.text, NULL);
    return result == SP_REJECT ? SP_EXIT_CONFIG : 1;
}

static int print_config(const struct sp_config *config)
{
    struct sp_buffer out = {0};
    sp_config_print(config, &out);
    (void)fwrite(out.data, 1, out.size, stdout);
    sp_buffer_free(&out);
    return 0;
}

static int ask_health(const struct sp_config *config)
{
    return sp_admin_probe(sp_config_text(config, "SAMPAN_SANDBOX_BIND"));
}

static int print_version(const struct sp_config *config)
{
    (void)config;
    (void)printf("sampan-sandbox %s\n", SAMPAN_VERSION);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(const struct sp_config *config);
} commands[] = {
    {"run", run}, {"config", print_config}, {"health", ask_health}, {"version", print_version}};

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "run";
    struct sp_config *config = NULL;
    struct sp_buffer problems = {0};
    enum sp_result result = sp_config_load(&config, NULL, sandbox_settings, environ, &problems);
    (void)fprintf(stderr, "%.*s", SP_FMT(sp_buffer_text(&problems)));
    sp_buffer_free(&problems);
    int code = SP_EXIT_CONFIG;
    for (size_t i = 0; result == SP_OK && i < SP_COUNT(commands); i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        code = commands[i].run(config);
        sp_config_free(&config);
        return code;
    }
    if (result == SP_OK)
        (void)fprintf(stderr, "usage: sampan-sandbox run | config | health | version\n");
    sp_config_free(&config);
    return code;
}
