"""Prices; products put on sale and off; where they belong."""
from cases import case


@case("POST /product/202309/products/{}/prices/update")
def a_price_is_set(shop):
    return {"path": [shop.kept["product"]],
            "body": {"skus": [{"id": shop.kept["skus"][0], "price": {"amount": "14.50", "currency": "GBP"}}]}}


@case("POST /product/202309/products/deactivate", must="errors[].code errors[].message errors[].detail.product_id")
def a_product_goes_off_sale(shop):
    return {"body": {"product_ids": [shop.kept["product"], "5"]}}


@case("POST /product/202309/products/activate", must="errors[].code errors[].detail.product_id")
def a_product_comes_back(shop):
    return {"body": {"product_ids": [shop.kept["product"], "5"], "listing_platforms": ["TIKTOK_SHOP"]}}


@case("GET /product/202309/products/{}", must="status product_status audit.status")
def a_product_in_audit(shop):
    return {"path": [shop.kept["product"]]}


@case("DELETE /product/202309/products", must="errors[].code errors[].message errors[].detail.product_id")
def a_product_is_deleted(shop):
    shop.control(f"products/{shop.kept['product']}/event", {"event": "fail"})
    return {"body": {"product_ids": [shop.kept["product"], "5"]}}


@case("POST /product/202309/products/recover", must="errors[].code errors[].message errors[].detail.product_id")
def a_product_is_recovered(shop):
    return {"body": {"product_ids": [shop.kept["product"], "5"]}}


@case("GET /product/202309/categories", must="categories[].id categories[].parent_id categories[].local_name "
      "categories[].permission_statuses[]")
def categories(shop):
    return {"query": {"locale": "en-GB"}}


@case("GET /product/202309/categories/{}/attributes", must="attributes[].id attributes[].name attributes[].type")
def attributes(shop):
    leaves = [one["id"] for one in shop.call("GET", "/product/202309/categories")["data"]["categories"] if one["is_leaf"]]
    return {"path": leaves[:1]}


@case("GET /product/202309/brands", must="brands[].id brands[].name brands[].authorized_status total_count")
def brands(shop):
    return {"query": {"page_size": "10"}}
