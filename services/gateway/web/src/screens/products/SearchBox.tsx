// The search of the products screen; it lives in the address.
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';

export function SearchBox({ label }: { label: string }) {
  const { q } = useSearch({ from: '/products' });
  const navigate = useNavigate({ from: '/products' });
  const [words, setWords] = useState(q ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: (old) => ({ ...old, q: words.trim() || undefined }) });
  };
  return (
    <form onSubmit={submit} style={{ flexGrow: 1 }}>
      <TextInput
        aria-label={label}
        placeholder={label}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
    </form>
  );
}
