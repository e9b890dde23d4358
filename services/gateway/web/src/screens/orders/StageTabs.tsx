// Groups of stages with their counts; within a group, its stages.
import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderCounts, StageGroup } from '@/api/types';
import { useFormat } from '@/format/useFormat';
import { GROUP_STAGES, GROUPS } from '@/status/tones';
import { statusText } from '@/status/words';
import classes from './StageTabs.module.css';

export function StageTabs({ counts }: { counts: OrderCounts | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/orders' });
  const count = (stage: string) => counts?.by_stage[stage] ?? 0;
  const ofGroup = (group: StageGroup) =>
    GROUP_STAGES[group].reduce((sum, stage) => sum + count(stage), 0);
  const shown = (number: number | undefined) => (
    <span className={classes.count}>{number === undefined ? '…' : format.number(number)}</span>
  );
  const { group: _group, stage: _stage, ...keep } = search;
  return (
    <nav aria-label={t('orders.tabs')}>
      <div className={classes.tabs}>
        <Link
          to="/orders"
          search={keep}
          className={classes.tab}
          data-active={!search.group || undefined}
        >
          {t('group.all')} {shown(counts?.total)}
        </Link>
        {GROUPS.map((group) => (
          <Link
            key={group}
            to="/orders"
            search={{ ...keep, group }}
            className={classes.tab}
            data-active={search.group === group || undefined}
          >
            {t(`group.${group}`)} {shown(counts ? ofGroup(group) : undefined)}
          </Link>
        ))}
      </div>
      {search.group && (
        <div className={classes.stages}>
          {GROUP_STAGES[search.group]
            .filter((stage) => count(stage) > 0 || stage === search.stage)
            .map((stage) => (
              <Link
                key={stage}
                to="/orders"
                search={{
                  ...keep,
                  group: search.group,
                  stage: search.stage === stage ? undefined : stage,
                }}
                className={classes.stage}
                data-active={search.stage === stage || undefined}
              >
                {statusText('stage', stage, t)} {shown(count(stage))}
              </Link>
            ))}
        </div>
      )}
    </nav>
  );
}
