// An order made by hand, as it stands in the form.
import type { Buyer, ManualOrder, OrderDetail } from '@/api/types';

export interface FormLine {
  sku: string;
  name: string;
  units: string;
  price: string | null;
}

export interface ManualForm {
  reference: string;
  currency: string;
  isCod: boolean;
  note: string;
  shipping: string | null;
  lines: FormLine[];
  name: string;
  phone: string;
  address: string;
}

export const MOST_LINES = 100;
const MOST_UNITS = 10_000;
const REFERENCE = /^[A-Za-z0-9._-]{1,32}$/;

export const emptyLine = (): FormLine => ({ sku: '', name: '', units: '1', price: '0' });

/** A reference that nobody else gives: the day, and some letters. */
export function newReference(now: Date, random: () => number = Math.random): string {
  const day = now.toISOString().slice(2, 10).replaceAll('-', '');
  const letters = Array.from(
    { length: 4 },
    () => 'ABCDEFGHJKLMNPQRSTUVWXYZ'[Math.floor(random() * 24)],
  );
  return `M${day}-${letters.join('')}`;
}

export const emptyForm = (currency: string): ManualForm => ({
  reference: newReference(new Date()),
  currency,
  isCod: false,
  note: '',
  shipping: '0',
  lines: [emptyLine()],
  name: '',
  phone: '',
  address: '',
});

export function formOf(order: OrderDetail, customer: Buyer | undefined): ManualForm {
  return {
    reference: order.channel_order_id,
    currency: order.total?.currency ?? 'USD',
    isCod: order.is_cod ?? false,
    note: order.buyer_note ?? '',
    shipping: order.shipping?.amount ?? '0',
    lines: order.lines.map((line) => ({
      sku: line.seller_sku ?? '',
      name: line.product_name ?? '',
      units: String(line.units),
      price: line.price?.amount ?? '0',
    })),
    name: customer?.name ?? '',
    phone: customer?.phone_number ?? '',
    address: customer?.full_address ?? '',
  };
}

export const isUnits = (units: string): boolean =>
  /^\d{1,5}$/.test(units) && Number(units) >= 1 && Number(units) <= MOST_UNITS;

export function isComplete(form: ManualForm): boolean {
  return (
    REFERENCE.test(form.reference) &&
    /^[A-Z]{3}$/.test(form.currency) &&
    form.shipping !== null &&
    form.lines.length > 0 &&
    form.lines.every(({ sku, units, price }) => sku.trim() && isUnits(units) && price !== null)
  );
}

/** Of a form that is complete. */
export function bodyOf(form: ManualForm): ManualOrder {
  return {
    reference: form.reference,
    currency: form.currency,
    is_cod: form.isCod,
    note: form.note.trim(),
    shipping_minor: form.shipping ?? '0',
    lines: form.lines.map(({ sku, name, units, price }) => ({
      sku: sku.trim(),
      name: name.trim(),
      units: Number(units),
      price_minor: price ?? '0',
    })),
    customer: { name: form.name.trim(), phone: form.phone.trim(), address: form.address.trim() },
  };
}
