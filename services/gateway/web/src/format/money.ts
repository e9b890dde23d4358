// Money: integers of minor units in, words out; never through a floating-point number.
import type { Money } from '@/api/types';

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency });
  } catch {
    return new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
  }
}

/** Decimals of a currency's minor unit: 0 for VND, 2 for USD. */
export function digitsOf(currency: string): number {
  return formatOf('en', currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** "129000" of VND is "129000", "1290" of USD is "12.90". */
export function minorToDecimal(amount: string, currency: string): string {
  const digits = digitsOf(currency);
  const negative = amount.startsWith('-');
  const bare = (negative ? amount.slice(1) : amount).padStart(digits + 1, '0');
  const whole = bare.slice(0, bare.length - digits);
  const rest = bare.slice(bare.length - digits);
  return (negative ? '-' : '') + whole + (digits > 0 ? `.${rest}` : '');
}

export function formatMoney(money: Money, locale: string): string {
  if (!/^-?\d+$/.test(money.amount)) return `${money.amount} ${money.currency}`;
  const decimal = minorToDecimal(money.amount, money.currency);
  // Intl takes decimal text exactly; its type wants a literal.
  return formatOf(locale, money.currency).format(decimal as `${number}`);
}

function decimalSignOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find((part) => part.type === 'decimal')?.value ?? '.';
}

/** What a person typed, in minor units; null when it is no amount of this currency. */
export function readMoney(text: string, currency: string, locale: string): string | null {
  const sign = decimalSignOf(locale);
  const other = sign === ',' ? '.' : ',';
  const [whole = '', rest = '', ...more] = text.replace(/[\s ]/g, '').split(sign);
  const bare = whole.split(other);
  const grouped = bare.length === 1 || bare.slice(1).every((part) => /^\d{3}$/.test(part));
  const digits = digitsOf(currency);
  const fits = /^\d+$/.test(bare.join('')) && /^\d*$/.test(rest) && rest.length <= digits;
  if (!grouped || !fits || more.length > 0) return null;
  const minor = (bare.join('') + rest.padEnd(digits, '0')).replace(/^0+(?=\d)/, '');
  return minor.length <= 18 ? minor : null;
}

/** An amount as a person would type it. */
export function writeMoney(amount: string, currency: string, locale: string): string {
  return minorToDecimal(amount, currency).replace('.', decimalSignOf(locale));
}
