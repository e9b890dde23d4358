// Sends a print file as it is, and a small picture of it that is made here: the server decodes no pictures.
import { ask, command } from '@/api/client';
import type { Design } from '@/api/types';

/** What is taken as a print file. */
export const DESIGN_KINDS = 'image/png,image/jpeg,application/pdf';

const PREVIEW_PIXELS = 256;
const PREVIEW_BYTES = 64 * 1024;

const send = (path: string, body: Blob) => {
  const headers = { ...command(), 'Content-Type': 'application/octet-stream' };
  return fetch(path, { method: 'POST', body, headers });
};

/** A picture of at most PREVIEW_PIXELS each way; null of what the browser cannot show. */
async function shrink(file: Blob): Promise<Blob | null> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, PREVIEW_PIXELS / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  } catch {
    return null;
  }
}

export async function uploadDesign(file: File): Promise<Design> {
  const read = async () => {
    const response = await send(`/api/v1/designs?name=${encodeURIComponent(file.name)}`, file);
    const body = (await response.json()) as Design;
    return response.ok ? { data: body, response } : { error: body, response };
  };
  const design = await ask<Design>(read());
  const small = file.type === 'application/pdf' ? null : await shrink(file);
  // Without it the sign for a picture is shown: nothing is lost.
  if (small && small.size <= PREVIEW_BYTES)
    await send(`/api/v1/designs/${design.id}/preview`, small).catch(() => undefined);
  return design;
}
