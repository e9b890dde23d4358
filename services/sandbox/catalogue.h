/* A shop's products and SKUs and what the shop shows as stock of them. */
#ifndef SANDBOX_CATALOGUE_H
#define SANDBOX_CATALOGUE_H

#include "common/arena.h"
#include "common/base.h"
#include "services/sandbox/names.h"
#include "services/sandbox/product_life.h"

enum catalogue_limits {
    CATALOGUE_SKUS = 1000000,     /* at most */
    CATALOGUE_WAREHOUSES = 4,     /* at most */
    CATALOGUE_MOST_STOCK = 99999, /* units of one SKU in one warehouse, as documented */
    SELLER_SKU_BYTES = 50,
    TITLE_BYTES = 255,
};

struct sku {
    struct sp_text seller_sku;
    struct sp_text name;   /* what the invoices call it; may be empty */
    struct sp_text suffix; /* the letters that tell it from its sisters; may be empty */
    int64_t price_minor;
    uint32_t product; /* position */
    uint32_t next;    /* the next SKU of the product, NAMES_NONE at the end */
};

struct product {
    struct sp_text title; /* may be empty, as in the seller's file */
    uint32_t first_sku, last_sku;
    uint32_t sku_count;
    int64_t create_time, update_time;
    int64_t audited;   /* when its audit ends, of the sandbox's clock */
    uint8_t status;    /* enum product_status */
    bool price_locked; /* by a promotion */
};

/* One SKU in one warehouse. */
struct stock {
    int32_t available; /* shown to buyers: net of committed units */
    int32_t committed; /* in orders not yet shipped */
    int32_t told;      /* what the seller's software last set; -1: never */
    int64_t told_at;   /* seconds */
};

/* All zero is a valid empty catalogue, apart from warehouse_count. */
struct catalogue {
    struct sp_arena *texts;
    struct product *products;
    struct sku *skus;
    struct stock *stock; /* [sku * warehouse_count + warehouse] */
    size_t product_count, product_capacity;
    size_t sku_count, sku_capacity;
    uint32_t warehouse_count; /* that sell */
    struct names families, seller_skus;
};

void catalogue_setup(struct catalogue *catalogue, uint32_t warehouse_count);
void catalogue_free(struct catalogue *catalogue);

struct catalogue_entry {
    struct sp_text seller_sku; /* 1 to SELLER_SKU_BYTES */
    struct sp_text name;
    int64_t price_minor;
    int64_t create_time;
    int32_t available; /* in each warehouse */
};

/* The SKU of this seller SKU, made when it is new.  Codes of five digits that differ only in the
 * letters behind them are SKUs of one product.  A first name and a first price are kept; later ones
 * fill in what was empty or 0. */
uint32_t catalogue_add(struct catalogue *catalogue, const struct catalogue_entry *entry);

uint32_t catalogue_find(const struct catalogue *catalogue, struct sp_text seller_sku);
/* Buyers can buy it: its product is live. */
bool catalogue_sells(const struct catalogue *catalogue, uint32_t sku);
struct stock *catalogue_stock(const struct catalogue *catalogue, uint32_t sku, uint32_t warehouse);
/* What the SKU is called beside its product's title: "Default" when it has no sisters. */
struct sp_text catalogue_sku_name(const struct catalogue *catalogue, uint32_t sku);

/* Makes `count` products with one to four SKUs, the same ones from the same seed. */
void catalogue_invent(struct catalogue *catalogue, uint64_t seed, size_t count, int digits,
                      int64_t now);

#endif
