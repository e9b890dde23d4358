// The npm package tiktok-shop-sdk, as its authors wrote it, drives the sandbox: SHOP_URL, APP_KEY, APP_SECRET and AUTH_CODE are given in
// the environment.  One JSON document with what it got is printed.  The package has the marketplace's hosts built in, so only
// fetch is led elsewhere: what it sends is its own to the byte, but for the host.
const { SHOP_URL, APP_KEY, APP_SECRET, AUTH_CODE } = process.env
const HOSTS = ["https://open-api.tiktokglobalshop.com", "https://auth.tiktok-shops.com"]
const real = globalThis.fetch
globalThis.fetch = (address, options) => {
  const url = new URL(address)
  if (!HOSTS.includes(url.origin)) throw new Error(`nobody may call ${url.origin} from here`)
  return real(SHOP_URL + url.pathname + url.search, options)
}

const { TikTokShopSDK, TikTokAPIError } = await import("tiktok-shop-sdk")
const sdk = new TikTokShopSDK({ appKey: APP_KEY, appSecret: APP_SECRET })
const got = {}

// The code of an error, as the package's users see it.
const refusal = async (call) => {
  try {
    await call()
  } catch (error) {
    if (error instanceof TikTokAPIError) return { code: error.code, message: error.message }
    throw error
  }
  return null
}

// Every page of a search, and the ids it had.
const walk = async (list, search) => {
  const ids = []
  let token = ""
  do {
    const { data } = await search({ page_size: 2, ...(token && { page_token: token }) })
    ids.push(...(data[list] ?? []).map(({ id }) => id))
    token = data.next_page_token
  } while (token)
  return ids
}

const first = await sdk.auth.getAccessToken({ auth_code: AUTH_CODE, grant_type: "authorized_code" })
got.tokens = (await sdk.auth.refreshAccessToken({ refresh_token: first.data.refresh_token, grant_type: "refresh_token" })).data
sdk.setAccessToken(got.tokens.access_token)
got.shops = (await sdk.shop.getAuthorizedShops()).data.shops
got.active = (await sdk.seller.getActiveShops()).data.shops
sdk.setShopCipher(got.shops[0].cipher)

got.found = await walk("orders", (query) =>
  sdk.order.getOrderList({ query: { ...query, sort_field: "create_time" }, body: { order_status: "AWAITING_SHIPMENT" } }))
got.orders = (await sdk.order.getOrderDetail({ ids: got.found })).data.orders
got.unfiltered = (await sdk.order.getOrderList({ query: { page_size: 1 }, body: {} })).data.total_count

const parcel = got.orders.find(({ packages }) => packages?.length)
got.slots = (await sdk.fulfillment.getPackageHandoverTimeSlots(parcel.packages[0].id)).data
got.splittable = (await sdk.fulfillment.getOrderSplitAttributes({ order_ids: got.found })).data.split_attributes
got.parts = (await sdk.fulfillment.splitOrders({
  order_id: parcel.id,
  body: { splittable_groups: parcel.line_items.map(({ id }) => ({ id, order_line_item_ids: [id] })) },
})).data.packages
got.units = parcel.line_items.length
got.packages = await walk("packages", (query) => sdk.fulfillment.searchPackage({ query, body: {} }))

got.products = await walk("products", (query) => sdk.product.searchProducts({ query, body: { status: "ALL" } }))
const { products } = (await sdk.product.searchProducts({ query: { page_size: 1 }, body: { status: "ACTIVATE" } })).data
const [product] = products
const sku = product.skus[0]
got.product = (await sdk.product.getProduct({ product_id: product.id })).data
got.warehouses = (await sdk.logistic.getWarehouseList()).data.warehouses
const stock = (quantity) => sdk.product.updateProductInventory({
  product_id: product.id,
  body: { skus: [{ id: sku.id, inventory: sku.inventory.map(({ warehouse_id }) => ({ warehouse_id, quantity })) }] },
})
got.updated = (await stock(77)).data
got.refused_in_part = (await stock(-1)).data.errors
got.stock = (await sdk.product.searchInventory({ product_ids: [product.id] })).data.inventory[0].skus.find(({ id }) => id === sku.id)

await sdk.event.updateShopWebhook({ event_type: "ORDER_STATUS_CHANGE", address: "https://hub.example.com/größe" })
got.webhooks = (await sdk.event.getShopWebhooks()).data.webhooks
await sdk.event.deleteShopWebhook({ event_type: "ORDER_STATUS_CHANGE" })
got.webhooks_left = (await sdk.event.getShopWebhooks()).data.webhooks

got.foreign_order = await refusal(() => sdk.order.getOrderDetail({ ids: ["576460000000000001"] }))
sdk.setShopCipher("ROW_somebody_elses")
got.foreign_shop = await refusal(() => sdk.order.getOrderList({ query: { page_size: 1 }, body: {} }))
sdk.setAccessToken("ROW_unknown")
got.unknown_token = await refusal(() => sdk.shop.getAuthorizedShops())
got.used_code = await refusal(() => sdk.auth.getAccessToken({ auth_code: AUTH_CODE, grant_type: "authorized_code" }))
console.log(JSON.stringify(got))
