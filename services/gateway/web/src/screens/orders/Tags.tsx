// The tags of an order: a name with a dot of its colour.
import { Group } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { Tag } from '@/api/types';
import classes from './Tags.module.css';

export function TagName({ tag }: { tag: Pick<Tag, 'name' | 'colour'> }) {
  const style = { '--tag-colour': `var(--mantine-color-${tag.colour}-6)` } as CSSProperties;
  return (
    <span className={classes.tag}>
      <span className={classes.dot} style={style} aria-hidden />
      {tag.name}
    </span>
  );
}

export function Tags({ tags = [] }: { tags: Tag[] | undefined }) {
  if (tags.length === 0) return null;
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <TagName key={tag.id} tag={tag} />
      ))}
    </Group>
  );
}
