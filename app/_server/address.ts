/** A place in a list that is sorted by time and id. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

/** `<time>.<id>` of an address; null where it gives no place or a broken one. */
export function parsePlace(text: string | null): Place | null {
  const match = /^(-?[0-9]{1,15})\.([A-Za-z0-9_]{1,64})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { at: Number(match[1]), id: match[2] } : null;
}

export function formatPlace({ at, id }: Place): string {
  return `${at}.${id}`;
}

/** The query of an address without its empty parts, as a form leaves them; null where there are none. */
export function withoutEmptyParts(params: Record<string, string | string[] | undefined>): string | null {
  const entries = Object.entries(params).flatMap(([key, value]) =>
    [value ?? ''].flat().map((one) => [key, one] as const),
  );
  if (entries.every(([, value]) => value !== '')) return null;
  const kept = new URLSearchParams(entries.filter(([, value]) => value !== '').map(([key, value]) => [key, value]));
  return kept.size === 0 ? '' : `?${kept}`;
}
