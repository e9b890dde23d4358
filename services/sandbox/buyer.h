/* Who bought: people who do not exist, the same ones from the same seed.
 *
 * Every text about a buyer holds a string that occurs nowhere else, "Canary" and twelve hexadecimal
 * digits, so that a search through logs, dumps and tables finds personal data that should not be
 * there. */
#ifndef SANDBOX_BUYER_H
#define SANDBOX_BUYER_H

#include "common/base.h"
#include "common/json.h"
#include "services/sandbox/region.h"
#include "services/sandbox/shop.h"

enum { BUYER_TEXT = 96 };

struct buyer {
    char canary[20]; /* "Canary0123456789ab" */
    char first_name[BUYER_TEXT], last_name[BUYER_TEXT], name[BUYER_TEXT];
    char nickname[BUYER_TEXT], email[BUYER_TEXT], phone[BUYER_TEXT];
    char street[BUYER_TEXT], town[BUYER_TEXT], postal_code[BUYER_TEXT];
    char full_address[BUYER_TEXT * 3];
    char message[BUYER_TEXT]; /* often empty */
};

/* The buyer of an order, where the parcel is to go now, as the marketplace shows it. */
void buyer_of(const struct shop *shop, const struct order *order, struct buyer *buyer);
/* The same from its number, before the address was ever changed.  `masked`: asterisks in place of
 * personal data, as the marketplace does when it ships itself. */
void buyer_of_order(uint64_t seed, uint64_t order_number, const struct region *region, bool masked,
                    struct buyer *buyer);
/* Members that every recipient_address has. */
void buyer_put_address(struct sp_json_writer *json, const struct region *region,
                       const struct buyer *buyer);

#endif
