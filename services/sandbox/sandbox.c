#include "services/sandbox/sandbox.h"

#include <stdlib.h>

#include "common/log.h"
#include "services/sandbox/order_maker.h"
#include "services/sandbox/scenario.h"
#include "services/sandbox/webhook.h"

int64_t sandbox_now(struct sandbox *sandbox)
{
    return clock_stamp(&sandbox->clock, sp_now_us());
}

int64_t sandbox_clock(const struct sandbox *sandbox)
{
    return sandbox->clock.at_us / 1000000;
}

int64_t sandbox_told(const struct sandbox *sandbox, int64_t at)
{
    return clock_told(&sandbox->clock, sp_now_us(), at);
}

void sandbox_clear_faults(struct sandbox *sandbox)
{
    struct notice_faults none = {.seed = sandbox->options.seed};
    faults_clear(&sandbox->faults);
    if (sandbox->notifier != NULL)
        notifier_set_faults(sandbox->notifier, &none);
}

void sandbox_revoke(struct sandbox *sandbox)
{
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        webhook_deauthorized(sandbox, &sandbox->shops[i]);
    grants_revoke(&sandbox->grants);
}

static void empty(struct sandbox *sandbox)
{
    drips_clear(&sandbox->drips);
    scenario_free(&sandbox->scenario);
    schedule_free(&sandbox->schedule);
    midnights_free(&sandbox->midnights);
    for (uint32_t i = 0; i < sandbox->shop_count; i++)
        shop_free(&sandbox->shops[i]);
    sandbox->shop_count = 0;
    invoices_forget(&sandbox->invoices);
}

static enum sp_result fill_shop(struct sandbox *sandbox, struct shop *shop, struct sp_error *err)
{
    const struct sandbox_options *options = &sandbox->options;
    enum sp_result result = SP_OK;
    shop_setup(shop, options->seed, shop->index, options->warehouses);
    if (shop->index == 0 && options->invoices[0] != '\0') {
        result = invoices_load(shop, options->invoices, sandbox->started, &sandbox->invoices, err);
    }
    if (shop->catalogue.sku_count == 0)
        catalogue_invent(&shop->catalogue, shop->seed, options->products, shop->region->digits,
                         sandbox->started);
    if (shop->index == 0 && shop->book.order_count == 0)
        order_maker_fill(shop, options->orders, options->order_days, sandbox->started);
    for (size_t i = 0; i < shop->book.order_count; i++)
        life_entered(sandbox, shop, &shop->book.orders[i]);
    return result;
}

/* A second's calls may come at once. */
static void limit_calls(struct sandbox *sandbox)
{
    int64_t rate = sandbox->options.calls_per_minute;
    struct limit rule = {.path = "/",
                         .per_minute = rate,
                         .burst = rate < 60 ? 1 : rate / 60,
                         .advice = ADVICE_SECONDS};
    limits_set(&sandbox->limits, &rule, rate > 0 ? 1 : 0);
}

static enum sp_result begin_scenario(struct sandbox *sandbox, struct sp_error *err)
{
    struct scenario *scenario;
    const char *path = sandbox->options.scenario;
    if (path[0] == '\0')
        return SP_OK;
    enum sp_result result = scenario_read_file(&scenario, path, sandbox->shop_count, err);
    if (result == SP_OK)
        scenario_start(sandbox, scenario);
    return result;
}

/* Every shop has goods afterwards, whatever became of the invoices. */
static enum sp_result fill(struct sandbox *sandbox, struct sp_error *err)
{
    enum sp_result result = SP_OK;
    sandbox->traffic.count = 0;
    clock_start(&sandbox->clock, sp_now_us());
    life_setup(sandbox);
    sandbox->started = sandbox_now(sandbox);
    grants_setup(&sandbox->grants, sandbox->options.seed, sandbox->options.lives);
    sandbox->faults.seed = sandbox->options.seed;
    sandbox->faults.drawn = 0;
    sandbox_clear_faults(sandbox);
    limit_calls(sandbox);
    sandbox->shop_count = sandbox->options.shops;
    for (uint32_t i = 0; i < sandbox->shop_count; i++) {
        sandbox->shops[i].index = i;
        if (fill_shop(sandbox, &sandbox->shops[i], err) != SP_OK)
            result = SP_REJECT;
    }
    return result == SP_OK ? begin_scenario(sandbox, err) : result;
}

enum sp_result sandbox_open(struct sandbox **opened, const struct sandbox_options *options,
                            struct sp_error *err)
{
    SP_ASSERT(options->shops >= 1 && options->shops <= SANDBOX_SHOPS);
    struct sandbox *sandbox = sp_alloc(sizeof *sandbox);
    sandbox->options = *options;
    enum sp_result result = truth_open(&sandbox->truth, options->truth_log, err);
    if (result == SP_OK)
        result = fill(sandbox, err);
    *opened = sandbox;
    if (result != SP_OK)
        sandbox_close(opened);
    return result;
}

void sandbox_close(struct sandbox **closed)
{
    struct sandbox *sandbox = *closed;
    if (sandbox == NULL)
        return;
    notifier_close(&sandbox->notifier);
    empty(sandbox);
    truth_close(&sandbox->truth);
    free(sandbox);
    *closed = NULL;
}

enum sp_result sandbox_reset(struct sandbox *sandbox, struct sp_error *err)
{
    empty(sandbox);
    truth_note(sandbox->truth, "reset", NULL, NULL);
    return fill(sandbox, err);
}
