// The designs of a listing's SKUs: one for all that are ticked, or many by the SKUs in their names.
import { Button, Checkbox, FileButton, Group, List, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { Listing } from '@/api/types';
import { Dialog } from '@/parts/Dialog';
import { ProblemNote, problemText } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';
import { DesignPicture } from './DesignPicture';
import { DESIGN_KINDS, uploadDesign } from './upload';

const CHANGED = [['listings'], ['orders'], ['order']];

export function DesignsDialog({ listing, onClose }: { listing: Listing; onClose: () => void }) {
  const { t } = useTranslation();
  const keyOf = (sku: Listing['skus'][number]) => `${listing.shop_id}-${sku.sku_id}`;
  const [ticked, setTicked] = useState<string[]>(listing.skus.map(keyOf));
  const personalise = useCommand({
    run: (on: boolean) =>
      ask(
        api.POST('/api/v1/listings/personalise', {
          params: { header: command() },
          body: { listing_id: listing.id, on },
        }),
      ),
    forget: CHANGED,
  });
  const attach = useCommand({
    run: async (file: File | null) =>
      ask(
        api.POST('/api/v1/designs/attach', {
          params: { header: command() },
          body: { design_id: file ? (await uploadDesign(file)).id : '', skus: ticked },
        }),
      ),
    forget: CHANGED,
  });
  return (
    <Dialog wide title={t('designs.title', { title: listing.title })} onClose={onClose}>
      <Stack>
        <Switch
          label={t('designs.personalised')}
          description={t('designs.personalisedText')}
          checked={listing.personalised ?? false}
          disabled={personalise.isPending}
          onChange={(event) => personalise.mutate(event.currentTarget.checked)}
        />
        <Checkbox.Group value={ticked} onChange={setTicked}>
          <Stack gap={6}>
            {listing.skus.map((sku) => (
              <Group key={sku.sku_id} gap="xs">
                <Checkbox
                  value={keyOf(sku)}
                  label={`${sku.seller_sku || sku.sku_id} ${sku.title ?? ''}`}
                />
                {sku.design_id ? (
                  <DesignPicture
                    id={sku.design_id}
                    label={t('designs.show', { sku: sku.seller_sku || sku.sku_id })}
                  />
                ) : (
                  <Text size="sm" c="dimmed">
                    {t('designs.none')}
                  </Text>
                )}
              </Group>
            ))}
          </Stack>
        </Checkbox.Group>
        <Text size="xs" c="dimmed">
          {t('designs.kinds')}
        </Text>
        <ProblemNote error={personalise.error ?? attach.error} />
        <Group>
          <FileButton accept={DESIGN_KINDS} onChange={(file) => file && attach.mutate(file)}>
            {(props) => (
              <Button {...props} disabled={ticked.length === 0} loading={attach.isPending}>
                {t('designs.upload')}
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            disabled={ticked.length === 0 || attach.isPending}
            onClick={() => attach.mutate(null)}
          >
            {t('designs.remove')}
          </Button>
          <ByName />
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Many files, each to the SKUs that its name means; what went wrong is listed, the others are taken. */
function ByName() {
  const { t } = useTranslation();
  const [lines, setLines] = useState<string[]>([]);
  const upload = useCommand({
    run: async (files: File[]) => {
      const ids: string[] = [];
      const said: string[] = [];
      for (const file of files) {
        try {
          ids.push((await uploadDesign(file)).id);
        } catch (error) {
          said.push(
            t('designs.wrong', { name: file.name, reason: problemText(asProblem(error), t) }),
          );
        }
      }
      if (ids.length === 0) return said;
      const { items } = await ask(
        api.POST('/api/v1/designs/match', { params: { header: command() }, body: { ids } }),
      );
      return [
        ...said,
        ...items.map(({ name, sku }) =>
          sku ? t('designs.went', { name, sku }) : t('designs.nowhere', { name }),
        ),
      ];
    },
    forget: CHANGED,
    done: setLines,
  });
  return (
    <>
      <FileButton
        multiple
        accept={DESIGN_KINDS}
        onChange={(files) => files.length > 0 && upload.mutate(files)}
      >
        {(props) => (
          <Button {...props} variant="default" loading={upload.isPending}>
            {t('designs.uploadMany')}
          </Button>
        )}
      </FileButton>
      <ProblemNote error={upload.error} />
      {lines.length > 0 && (
        <div role="status">
          <List size="sm">
            {lines.map((line, index) => (
              <List.Item key={`${index} ${line}`}>{line}</List.Item>
            ))}
          </List>
        </div>
      )}
    </>
  );
}
