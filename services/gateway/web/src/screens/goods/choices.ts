// The variants that choices of values make, and what changed between two states of one.
import type { ProductType } from '@/api/types';

export const MOST_VARIANTS = 100;

type Value = ProductType['attributes'][number]['values'][number];

/** One value of each attribute, in every way; attributes without a chosen value are left out. */
export function combinations(chosen: Value[][]): Value[][] {
  return chosen
    .filter((values) => values.length > 0)
    .reduce<Value[][]>(
      (made, values) => made.flatMap((some) => values.map((value) => [...some, value])),
      [[]],
    )
    .filter((values) => values.length > 0);
}

/** "Áo Đỏ" becomes "AO-DO"; what has no such letters keeps its own. */
export function skuPart(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toUpperCase()
    .replace(/[\s/]+/g, '-');
}

export const skuOf = (start: string, values: Value[]) =>
  [start.trim(), ...values.map(({ name }) => skuPart(name))].filter(Boolean).join('-');

export interface Difference {
  field: string;
  before: string;
  after: string;
}

/** What the fields of a remembered state are called where they are edited. */
export const FIELD_WORDS: Record<string, string> = {
  sku: 'stock.sku',
  name: 'stock.name',
  barcode: 'goods.barcode',
  unit: 'goods.unit',
  image: 'goods.image',
  source_link: 'goods.source',
  supply: 'products.supply',
  cost_minor: 'products.cost',
  currency: 'setup.currency',
  weight_g: 'goods.weight',
  product_id: 'goods.product',
  value_ids: 'goods.values',
  parts: 'goods.parts',
  attributes: 'goods.needs.ATTRIBUTES',
  needs_design: 'goods.needsDesign',
  archived: 'goods.archived',
};

type State = Record<string, unknown>;

export const shown = (value: unknown) =>
  value === undefined || value === null || value === ''
    ? '–'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** Fields that are not the same. */
export function differences(
  before: State,
  after: State,
  say = (field: string, state: State) => shown(state[field]),
): Difference[] {
  return Object.keys({ ...before, ...after })
    .map((field) => ({ field, before: say(field, before), after: say(field, after) }))
    .filter((one) => one.before !== one.after);
}
