// Every condition that placement knows, with the screen that mends it; the texts are in the catalogues.
export type FixPlace = 'products' | 'stock' | 'wallet' | 'settings' | 'shops' | null;

export const CONDITIONS: Record<string, FixPlace> = {
  NOT_TO_SHIP: null,
  NOT_PAID: null,
  SHIPPED_BY_MARKETPLACE: null,
  CANCEL_WANTED: null,
  DELETED: null,
  NO_LINES: null,
  LINE_NOT_DOWNLOADED: 'products',
  LINE_UNMAPPED: 'products',
  LINE_INCOMPLETE: 'products',
  LINE_DESIGN_MISSING: 'products',
  STOCK_SHORT: 'stock',
  WAREHOUSE_SPLIT: 'stock',
  WAREHOUSE_UNKNOWN: null,
  WAREHOUSE_NOT_APPROVED: 'stock',
  SHOP_UNKNOWN: null,
  ACCOUNT_UNKNOWN: null,
  VARIANT_UNKNOWN: null,
  COST_CURRENCY: 'products',
  SURCHARGE_UNSET: 'settings',
  CHARGE_TOO_HIGH: 'products',
  REFUSED: null,
  BALANCE_LOW: 'wallet',
  AUTO_PLACE_OFF: 'settings',
  GOODS_ISSUED: null,
};

export const WHO = ['SELLER', 'BUYER', 'MARKETPLACE', 'WAREHOUSE', 'SYSTEM'] as const;
