// A design's small picture, which opens the file itself.
import { Picture } from '@/parts/Picture';

export function DesignPicture({ id, label }: { id: string; label: string }) {
  return (
    <a href={`/api/v1/designs/${id}/file`} target="_blank" rel="noreferrer" aria-label={label}>
      <Picture address={`/api/v1/designs/${id}/preview`} />
    </a>
  );
}
