"""Products, stock, uploads."""
import struct

from cases import case

PICTURE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)


def keep_product(shop, data):
    shop.kept["product"] = data["products"][0]["id"]
    shop.kept["skus"] = [sku["id"] for sku in data["products"][0]["skus"]]


@case("POST /product/202309/products/search", must="products[].id products[].skus[].id total_count")
def products_as_once_searched(shop):
    return {"query": {"page_size": "100"}, "body": {"status": "ALL"}}


@case("POST /product/202312/products/search", must="products[].id products[].skus[].id total_count")
def products_as_later_searched(shop):
    return {"query": {"page_size": "100"}, "body": {"status": "ALL"}}


@case("POST /product/202502/products/search", keep=keep_product,
      must="products[].id products[].title products[].status products[].update_time products[].skus[].id "
      "products[].skus[].seller_sku products[].skus[].price.currency products[].skus[].inventory[].warehouse_id total_count")
def products(shop):
    return {"query": {"page_size": "100"}, "body": {"status": "ACTIVATE"}}


@case("POST /product/202502/products/search", must="products[].id next_page_token total_count")
def products_in_pages(shop):
    return {"query": {"page_size": "1"}, "body": {}}


@case("GET /product/202309/products/{}", must="id title status skus[].id skus[].price.sale_price main_images[].urls[]")
def a_product(shop):
    return {"path": [shop.kept["product"]]}


@case("POST /product/202309/inventory/search", must="inventory[].product_id inventory[].skus[].id "
      "inventory[].skus[].total_available_quantity inventory[].skus[].warehouse_inventory[].warehouse_id")
def stock(shop):
    return {"body": {"product_ids": [shop.kept["product"]]}}


def stock_of(shop, sku, quantity):
    return {"id": sku, "inventory": [{"warehouse_id": one, "quantity": quantity} for one in shop.kept["warehouses"]]}


@case("POST /product/202309/products/{}/inventory/update")
def stock_is_set(shop):
    return {"path": [shop.kept["product"]], "body": {"skus": [stock_of(shop, shop.kept["skus"][0], 12)]}}


@case("POST /product/202309/products/{}/inventory/update", must="errors[].code errors[].message errors[].detail.sku_id")
def stock_is_refused(shop):
    """What is wrong with single SKUs stands inside a good answer."""
    return {"path": [shop.kept["product"]], "body": {"skus": [stock_of(shop, shop.kept["skus"][0], -1),
                                                              {"id": "1729000000000000001", "inventory": []}]}}


@case("POST /product/202309/images/upload", must="uri url width height use_case")
def a_picture(shop):
    return {"form": {"data": PICTURE, "use_case": b"MAIN_IMAGE"}}


@case("POST /product/202309/files/upload", must="id url name format")
def a_file(shop):
    return {"form": {"data": b"%PDF-1.4", "name": b"manual.pdf"}}


@case("POST /fulfillment/202309/images/upload", must="url width height")
def a_picture_for_a_parcel(shop):
    return {"form": {"data": PICTURE}}


@case("POST /fulfillment/202309/files/upload", must="url name")
def a_file_for_a_parcel(shop):
    return {"form": {"data": b"%PDF-1.4", "name": b"label.pdf"}}
