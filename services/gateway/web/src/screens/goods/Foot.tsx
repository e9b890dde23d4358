// The end of a dialog about a part of the catalogue: its past, the archive, closing and saving.
import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CatalogueKind } from '@/api/types';
import { ProblemNote } from '@/parts/ProblemNote';
import { useMay } from '@/parts/useMay';
import { Archive } from './Archive';
import { History } from './History';

interface Props {
  kind: CatalogueKind;
  /** None yet, while it is made. */
  of: { id: string; archived: boolean } | undefined;
  save: { isPending: boolean; error: unknown; mutate: () => void };
  disabled: boolean;
  onClose: () => void;
}

export function Foot({ kind, of, save, disabled, onClose }: Props) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  return (
    <>
      <ProblemNote error={save.error} />
      {of && <History kind={kind} id={of.id} />}
      <Group justify="flex-end" align="flex-start">
        {of && mayChange && (
          <div style={{ flexGrow: 1 }}>
            <Archive kind={kind} id={of.id} archived={of.archived} onDone={onClose} />
          </div>
        )}
        <Button variant="default" onClick={onClose}>
          {t(mayChange ? 'common.cancel' : 'common.close')}
        </Button>
        {mayChange && (
          <Button disabled={disabled} loading={save.isPending} onClick={() => save.mutate()}>
            {t('common.save')}
          </Button>
        )}
      </Group>
    </>
  );
}
