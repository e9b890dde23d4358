// The currencies and countries that are offered: where TikTok Shop sells.
export const REGIONS = [
  'VN',
  'TH',
  'ID',
  'MY',
  'PH',
  'SG',
  'GB',
  'IE',
  'US',
  'MX',
  'BR',
  'ES',
  'FR',
  'DE',
  'IT',
  'JP',
];

export const CURRENCIES = [
  'VND',
  'THB',
  'IDR',
  'MYR',
  'PHP',
  'SGD',
  'USD',
  'GBP',
  'EUR',
  'MXN',
  'BRL',
  'JPY',
  'CNY',
];

const ZONE_CURRENCY: Record<string, string> = {
  'Asia/Ho_Chi_Minh': 'VND',
  'Asia/Saigon': 'VND',
  'Asia/Bangkok': 'THB',
  'Asia/Jakarta': 'IDR',
  'Asia/Kuala_Lumpur': 'MYR',
  'Asia/Manila': 'PHP',
  'Asia/Singapore': 'SGD',
  'Asia/Shanghai': 'CNY',
  'Asia/Tokyo': 'JPY',
  'Europe/London': 'GBP',
};

/** A first guess that people may change. */
export function currencyOf(timeZone: string): string {
  return ZONE_CURRENCY[timeZone] ?? (timeZone.startsWith('Europe/') ? 'EUR' : 'USD');
}

export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
