// TikTok Shop's own tabs with their counts; a second click shows all again.
import { Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderCounts } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { TIKTOK_TABS } from '@/status/tones';
import classes from './StageTabs.module.css';

export function ChannelTabs({ counts }: { counts: OrderCounts | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/orders' });
  return (
    <nav aria-label={t('orderFilterName.tab')} className={classes.stages}>
      <Text span size="sm" c="dimmed" className={classes.name}>
        {t('orderFilterName.tab')}
      </Text>
      {TIKTOK_TABS.map((tab) => (
        <Link
          key={tab}
          to="/orders"
          search={{ ...search, tab: search.tab === tab ? undefined : tab }}
          className={classes.stage}
          data-active={search.tab === tab || undefined}
        >
          {t(`orderFilter.tab.${tab}`)}
          <span className={classes.count}>
            {counts ? format.number(counts.by_tab?.[tab] ?? 0) : '…'}
          </span>
        </Link>
      ))}
    </nav>
  );
}
