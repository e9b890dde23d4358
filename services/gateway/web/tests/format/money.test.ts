// Amounts of money, exact to the unit.
import { expect, test } from 'vitest';
import { digitsOf, formatMoney, minorToDecimal, readMoney, writeMoney } from '@/format/money';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('a currency knows its minor digits', () => {
  expect(digitsOf('VND')).toBe(0);
  expect(digitsOf('USD')).toBe(2);
  expect(digitsOf('JPY')).toBe(0);
});

test('minor units become decimals without a floating-point number', () => {
  expect(minorToDecimal('5', 'USD')).toBe('0.05');
  expect(minorToDecimal('-5', 'USD')).toBe('-0.05');
  expect(minorToDecimal('129000', 'VND')).toBe('129000');
  expect(minorToDecimal('999999999999999999', 'USD')).toBe('9999999999999999.99');
});

test('an amount is written as its language writes it', () => {
  expect(plain(formatMoney({ amount: '129000', currency: 'VND' }, 'vi-VN'))).toBe('129.000 ₫');
  expect(plain(formatMoney({ amount: '1290', currency: 'USD' }, 'en-GB'))).toBe('US$12.90');
  expect(formatMoney({ amount: '999999999999999999', currency: 'GBP' }, 'en-GB')).toBe(
    '£9,999,999,999,999,999.99',
  );
});

test('what is no amount is shown as it came', () => {
  expect(formatMoney({ amount: 'many', currency: 'USD' }, 'en-GB')).toBe('many USD');
});

test('typed amounts are read in the language of the reader', () => {
  expect(readMoney('12.90', 'USD', 'en-GB')).toBe('1290');
  expect(readMoney('12,9', 'USD', 'vi-VN')).toBe('1290');
  expect(readMoney('1.290.000', 'VND', 'vi-VN')).toBe('1290000');
  expect(readMoney('1,290,000', 'VND', 'en-GB')).toBe('1290000');
  expect(readMoney('0.69', 'USD', 'en-GB')).toBe('69');
  expect(readMoney('0', 'USD', 'en-GB')).toBe('0');
});

test('doubtful amounts are refused, not guessed', () => {
  for (const text of ['', 'x', '1.2.3', '12.345', '-5', '1,29', '1e3', '12.9.0'])
    expect(readMoney(text, 'USD', 'en-GB'), text).toBeNull();
  expect(readMoney('12.5', 'VND', 'en-GB')).toBeNull();
  expect(readMoney('9'.repeat(20), 'VND', 'en-GB')).toBeNull();
});

test('what is written can be read again', () => {
  for (const locale of ['en-GB', 'vi-VN', 'th-TH-u-ca-gregory', 'zh-CN'])
    for (const amount of ['0', '5', '69', '129000', '123456789'])
      for (const currency of ['VND', 'USD'])
        expect(readMoney(writeMoney(amount, currency, locale), currency, locale)).toBe(amount);
});
