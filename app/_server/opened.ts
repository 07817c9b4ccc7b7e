/** More in an address is nobody's click. */
const MOST = 60;

/** The things whose inputs are open, of an address: `12.40.7`; whatever is no number is passed over. */
export function parseOpened(text: string | null): ReadonlySet<number> {
  const ids = (text ?? '')
    .slice(0, 1000)
    .split('.')
    .filter((part) => /^[1-9][0-9]{0,14}$/.test(part));
  return new Set(ids.slice(0, MOST).map(Number));
}

export function formatOpened(opened: ReadonlySet<number>): string | null {
  return opened.size === 0 ? null : [...opened].slice(-MOST).join('.');
}
