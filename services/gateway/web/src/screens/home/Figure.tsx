// One number that leads to its list.
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReturnSearch } from '@/app/router';
import { useFormat } from '@/format/useFormat';
import type { OrderFilter } from '@/screens/orders/filter';
import type { Tone } from '@/status/tones';
import classes from './Figure.module.css';

interface Props {
  to: '/orders' | '/returns' | '/shops' | '/system' | '/wallet';
  search?: OrderFilter | ReturnSearch;
  label: string;
  value: number | string;
  tone?: Tone;
}

export function Figure({ to, search = {}, label, value, tone }: Props) {
  const format = useFormat();
  return (
    <Link to={to} search={search as never} className={classes.figure} data-tone={tone}>
      <Text component="span" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="span" fw={700} fz={26} lh={1.2}>
        {typeof value === 'number' ? format.number(value) : value}
      </Text>
    </Link>
  );
}
