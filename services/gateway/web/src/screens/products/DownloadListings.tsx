// Asks the shop for its products again: all of them, or one.
import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, ask, command } from '@/api/client';
import type { Listing, Shop } from '@/api/types';
import { ProblemNote } from '@/parts/ProblemNote';
import { useCommand } from '@/parts/useCommand';

const COMES_MS = 3000;

function useDownload(said: string) {
  return useCommand({
    run: ({ shop, product }: { shop: string; product?: string }) =>
      ask(
        api.POST('/api/v1/shops/{id}/listings', {
          params: { path: { id: shop }, header: command() },
          body: { product_id: product },
        }),
      ),
    said: () => said,
    forget: [['listings']],
    forgetLater: COMES_MS,
  });
}

export function DownloadAll({ shops }: { shops: Shop[] }) {
  const { t } = useTranslation();
  const download = useDownload(t('products.allWanted'));
  const [first] = shops;
  if (!first) return null;
  const look = {
    variant: 'default',
    leftSection: <IconDownload size={16} aria-hidden />,
    loading: download.isPending,
  };
  return (
    <>
      {shops.length === 1 ? (
        <Button {...look} onClick={() => download.mutate({ shop: first.id })}>
          {t('products.downloadAll')}
        </Button>
      ) : (
        <Menu>
          <Menu.Target>
            <Button {...look}>{t('products.downloadAll')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {shops.map(({ id, alias }) => (
              <Menu.Item key={id} onClick={() => download.mutate({ shop: id })}>
                {t('products.downloadAllOf', { shop: alias })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <ProblemNote error={download.error} />
    </>
  );
}

export function DownloadOne({ listing }: { listing: Listing }) {
  const { t } = useTranslation();
  const download = useDownload(t('products.wanted'));
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={download.isPending}
        onClick={() => download.mutate({ shop: listing.shop_id, product: listing.product_id })}
      >
        {t(listing.state === 'NOT_DOWNLOADED' ? 'products.download' : 'products.downloadAgain')}
      </Button>
      <ProblemNote error={download.error} />
    </>
  );
}
