// An amount of money as people type it; gives minor units, or null while it is none.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/format/useFormat';

interface Props {
  label: string;
  description?: string;
  currency: string;
  value: string | null;
  onChange: (minor: string | null) => void;
  required?: boolean;
  disabled?: boolean;
}

export function MoneyInput({ value, onChange, currency, ...rest }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState(value === null ? '' : format.writeMoney(value, currency));
  const [seen, setSeen] = useState({ value, currency });
  if (seen.currency !== currency || (seen.value !== value && value !== null)) {
    // Set from outside: another currency, or the saved value came.
    setSeen({ value, currency });
    if (value !== null && format.readMoney(text, currency) !== value)
      setText(format.writeMoney(value, currency));
  }
  const minor = format.readMoney(text, currency);
  const wrong = text !== '' && minor === null;
  return (
    <TextInput
      {...rest}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      rightSection={currency}
      rightSectionWidth={52}
      error={wrong ? t('common.noAmount') : undefined}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(format.readMoney(event.currentTarget.value, currency));
      }}
    />
  );
}
