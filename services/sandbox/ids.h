/* The marketplace's ids: 18 or 19 digits, a kind's usual first digits, the seed's six, a counter.
 */
#ifndef SANDBOX_IDS_H
#define SANDBOX_IDS_H

#include "common/base.h"

enum id_kind {
    ID_ORDER,
    ID_ITEM,
    ID_PRODUCT,
    ID_SKU,
    ID_WAREHOUSE,
    ID_SHOP,
    ID_USER,
    ID_PACKAGE,
    ID_DELIVERY_OPTION,
    ID_ATTRIBUTE,
    ID_NOTICE,
    ID_CARRIER,
    ID_SHIPPING_SERVICE,
    ID_CANCEL,
    ID_RETURN,
    ID_CASE_ITEM, /* a unit within a cancellation or return */
    ID_STATEMENT,
    ID_PAYMENT,
    ID_TRANSACTION,
    ID_REFUND_TRANSACTION,
    ID_KINDS,
};

enum { ID_COUNTERS = 1000000000, ID_TEXT = 20 };

/* One shop's ids. */
struct ids {
    uint64_t base[ID_KINDS];
};

/* The same seed and shop give the same ids. */
void ids_setup(struct ids *ids, uint64_t seed, uint32_t shop);

/* Id of a counter from 1 to ID_COUNTERS - 1. */
uint64_t ids_make(const struct ids *ids, enum id_kind kind, uint64_t counter);
/* The counter behind an id of this kind and shop; 0 when it is none. */
uint64_t ids_counter(const struct ids *ids, enum id_kind kind, struct sp_text id);

/* Decimal digits of a number into `text` (not terminated). */
struct sp_text ids_text(uint64_t id, char text[ID_TEXT]);

#endif
