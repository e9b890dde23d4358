// The connection that this browser began last, so that a closed tab can go on with it.
const KEPT = 'sampan.connect';

export function keepConnect(id: string): void {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // then the way back from the marketplace is the only one
  }
}

export function lastConnect(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function forgetConnect(): void {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // nothing was kept
  }
}
