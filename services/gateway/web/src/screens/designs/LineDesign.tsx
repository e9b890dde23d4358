// The design of one line of an order, of a personalised listing.
import { Button, FileButton, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { lineDesignsQuery } from '@/api/queries';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { useMay } from '@/parts/useMay';
import { ToneBadge } from '@/status/StatusBadge';
import { DesignPicture } from './DesignPicture';
import { DESIGN_KINDS, uploadDesign } from './upload';

export function LineDesign({ order, line }: { order: string; line: number }) {
  const { t } = useTranslation();
  const mayChange = useMay('products.write');
  const designs = useQuery(lineDesignsQuery(order));
  const found = designs.data?.find((one) => one.line === line)?.design;
  const attach = useCommand({
    run: async (file: File | null) => {
      const design_id = file ? (await uploadDesign(file)).id : '';
      return ask(
        api.POST('/api/v1/orders/{id}/designs', {
          params: { path: { id: order }, header: command() },
          body: { line, design_id },
        }),
      );
    },
    forget: [['order'], ['orders']],
  });
  return (
    <Group gap="xs" mt={4}>
      {found && <DesignPicture id={found.id} label={found.name} />}
      {designs.data && !found && <ToneBadge tone="warn" text={t('designs.missing')} />}
      {mayChange && (
        <FileButton accept={DESIGN_KINDS} onChange={(file) => file && attach.mutate(file)}>
          {(props) => (
            <Button {...props} size="compact-xs" variant="default" loading={attach.isPending}>
              {t('designs.uploadOne')}
            </Button>
          )}
        </FileButton>
      )}
      {mayChange && found && (
        <Button size="compact-xs" variant="default" onClick={() => attach.mutate(null)}>
          {t('designs.remove')}
        </Button>
      )}
      <ProblemNote error={attach.error ?? designs.error} />
    </Group>
  );
}
