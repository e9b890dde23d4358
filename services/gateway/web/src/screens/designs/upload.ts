// Sends a print file as it is.
import { ask, command } from '@/api/client';
import type { Design } from '@/api/types';

/** What is taken as a print file. */
export const DESIGN_KINDS = 'image/png,image/jpeg,application/pdf';

export function uploadDesign(file: File): Promise<Design> {
  const read = async () => {
    const path = `/api/v1/designs?name=${encodeURIComponent(file.name)}`;
    const headers = { ...command(), 'Content-Type': 'application/octet-stream' };
    const response = await fetch(path, { method: 'POST', body: file, headers });
    const body = (await response.json()) as Design;
    return response.ok ? { data: body, response } : { error: body, response };
  };
  return ask<Design>(read());
}
