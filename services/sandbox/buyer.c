#include "services/sandbox/buyer.h"

#include <stdio.h>
#include <string.h>

#include "services/sandbox/seed.h"

static const char *const first_names[] = {"Jo",   "Ana",   "Linh",   "Chloé", "Søren", "Zoë",
                                          "Paul", "Aisha", "Nguyễn", "Maria", "李",    "Peter"};
static const char *const towns[] = {"Leeds", "Bristol", "Hà Nội", "Málaga", "Köln", "Cardiff"};

enum { ONE_IN = 5 }; /* how rarely a buyer writes a message */

static void name_buyer(const char *first, struct buyer *buyer)
{
    (void)snprintf(buyer->first_name, sizeof buyer->first_name, "%s", first);
    (void)snprintf(buyer->last_name, sizeof buyer->last_name, "%s", buyer->canary);
    (void)snprintf(buyer->name, sizeof buyer->name, "%s %s", first, buyer->canary);
    (void)snprintf(buyer->nickname, sizeof buyer->nickname, "nick.%s", buyer->canary);
    (void)snprintf(buyer->email, sizeof buyer->email, "%s@chat.seller.tiktok.com", buyer->canary);
}

static void place_buyer(const struct region *region, uint64_t number, struct buyer *buyer)
{
    (void)snprintf(buyer->street, sizeof buyer->street, "%u %s Street",
                   (unsigned)(number % 199 + 1), buyer->canary);
    (void)snprintf(buyer->town, sizeof buyer->town, "%s", towns[number % SP_COUNT(towns)]);
    (void)snprintf(buyer->postal_code, sizeof buyer->postal_code, "LS%u %uAA",
                   (unsigned)(number % 20 + 1), (unsigned)(number % 9 + 1));
    (void)snprintf(buyer->full_address, sizeof buyer->full_address, "%s, %s, %s", region->name,
                   buyer->town, buyer->street);
}

/* "J*** C***", "(+44)7700***89", "4*** Street": recognisable, and of no use. */
static void mask(const struct region *region, uint64_t number, struct buyer *buyer)
{
    (void)snprintf(buyer->first_name, sizeof buyer->first_name, "%c***", (char)('A' + number % 26));
    (void)snprintf(buyer->last_name, sizeof buyer->last_name, "C***");
    (void)snprintf(buyer->name, sizeof buyer->name, "%c*** C***", (char)('A' + number % 26));
    (void)snprintf(buyer->phone, sizeof buyer->phone, "(%s)7***%02u", region->dial,
                   (unsigned)(number % 100));
    (void)snprintf(buyer->street, sizeof buyer->street, "%u*** Street", (unsigned)(number % 9 + 1));
    (void)snprintf(buyer->full_address, sizeof buyer->full_address, "%s, %s, %s", region->name,
                   buyer->town, buyer->street);
}

void buyer_of_order(uint64_t seed, uint64_t order_number, const struct region *region, bool masked,
                    struct buyer *buyer)
{
    uint64_t number = seed_mix(seed, SEED_BUYER, order_number);
    (void)snprintf(buyer->canary, sizeof buyer->canary, "Canary%012llx",
                   (unsigned long long)(number >> 16));
    name_buyer(first_names[number % SP_COUNT(first_names)], buyer);
    place_buyer(region, number, buyer);
    (void)snprintf(buyer->phone, sizeof buyer->phone, "(%s)7%012llu", region->dial,
                   (unsigned long long)(number % 1000000000000u));
    buyer->message[0] = '\0';
    if (number % ONE_IN == 0)
        (void)snprintf(buyer->message, sizeof buyer->message, "Please ring twice, %s. Thank you!",
                       buyer->canary);
    if (masked)
        mask(region, number, buyer);
}

static void move(const struct region *region, unsigned moves, struct buyer *buyer)
{
    char street[BUYER_TEXT];
    memcpy(street, buyer->street, sizeof street);
    (void)snprintf(buyer->street, sizeof buyer->street, "%.70s, flat %u", street, moves);
    (void)snprintf(buyer->full_address, sizeof buyer->full_address, "%s, %s, %s", region->name,
                   buyer->town, buyer->street);
}

void buyer_of(const struct shop *shop, const struct order *order, struct buyer *buyer)
{
    const struct region *region = region_at(order->country);
    buyer_of_order(shop->seed, order->number, region, !order->by_seller, buyer);
    if (order->moves > 0)
        move(region, order->moves, buyer);
}

void buyer_put_address(struct sp_json_writer *json, const struct region *region,
                       const struct buyer *buyer)
{
    sp_json_put_cstring(json, "name", buyer->name);
    sp_json_put_cstring(json, "phone_number", buyer->phone);
    sp_json_put_cstring(json, "full_address", buyer->full_address);
    sp_json_put_cstring(json, "address_detail", buyer->street);
    sp_json_put_cstring(json, "address_line1", buyer->street);
    sp_json_put_cstring(json, "address_line2", "");
    sp_json_put_cstring(json, "postal_code", buyer->postal_code);
    sp_json_put_cstring(json, "region_code", region->code);
}
