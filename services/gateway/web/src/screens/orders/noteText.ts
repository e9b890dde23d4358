// What stands of a note: its last version, and whether others were before.
import type { Note, NoteVersion } from '@/api/types';

/** Characters as the service counts them: what is one to a reader may be two to JavaScript. */
export const NOTE_CHARACTERS = 2000;
export const fits = (text: string) => text.trim() !== '' && [...text].length <= NOTE_CHARACTERS;

interface Standing {
  now: NoteVersion;
  before: NoteVersion[];
  deleted: boolean;
}

export function standingOf({ versions }: Note): Standing | undefined {
  const now = versions.at(-1);
  return now && { now, before: versions.slice(0, -1).reverse(), deleted: now.text === null };
}
