// The four steps of a shop: connection, products, stock, orders; each done or not, with where it is done.
import { Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { unlinkedQuery } from '@/api/queries';
import type { Shop } from '@/api/types';
import { LinkAnchor } from '@/parts/links';
import { Section } from '@/parts/Section';
import { useMay } from '@/parts/useMay';
import classes from '../home/Checklist.module.css';
import { SETUP_STEPS, type SetupStep, setupOf } from './standing';

function useSetup(shop: Shop) {
  const mayProducts = useMay('products.read');
  const unlinked = useQuery({ ...unlinkedQuery(shop.id), enabled: mayProducts });
  return setupOf(shop, unlinked.data);
}

export function SetupCount({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const setup = useSetup(shop);
  const done = SETUP_STEPS.filter((step) => setup[step]).length;
  if (Object.values(setup).includes(undefined) || done === SETUP_STEPS.length) return null;
  return (
    <Text size="sm" c="dimmed">
      {t('setupSteps.count', { done, all: SETUP_STEPS.length })}
    </Text>
  );
}

function Way({ step, shop }: { step: SetupStep; shop: Shop }) {
  const { t } = useTranslation();
  if (step === 'products')
    return (
      <LinkAnchor to="/products" search={{ tab: 'listings', state: 'UNMAPPED' }} size="sm">
        {t('fix.products')}
      </LinkAnchor>
    );
  if (step === 'stock')
    return (
      <LinkAnchor to="/stock" size="sm">
        {t('fix.stock')}
      </LinkAnchor>
    );
  return (
    <LinkAnchor
      to="/shops/$id"
      params={{ id: shop.id }}
      search={{ tab: step === 'orders' ? 'imports' : 'settings' }}
      size="sm"
    >
      {t(step === 'orders' ? 'shopTab.imports' : 'shopTab.settings')}
    </LinkAnchor>
  );
}

export function Setup({ shop }: { shop: Shop }) {
  const { t } = useTranslation();
  const setup = useSetup(shop);
  return (
    <Section id="setup" title={t('setupSteps.title')}>
      <ol className={classes.steps} style={{ display: 'grid', gap: 12 }}>
        {SETUP_STEPS.map((step) => {
          const done = setup[step] === true;
          return (
            <li key={step} className={classes.step} data-done={done || undefined}>
              {done ? (
                <IconCircleCheckFilled size={22} aria-label={t('home.isDone')} />
              ) : (
                <IconCircle size={22} aria-label={t('home.isOpen')} />
              )}
              <div>
                <Text fw={600} size="sm">
                  {t(`setupSteps.${step}`)}
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`setupSteps.${step}${done ? 'Done' : 'Open'}`)}
                </Text>
              </div>
              {!done && <Way step={step} shop={shop} />}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
