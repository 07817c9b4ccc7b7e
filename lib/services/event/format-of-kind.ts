import { type EntryFormat, REKOR_V2 } from '#lib/rekor/entry-format.ts';

/** How a stored entry is read again, by what it calls itself. */
export function formatOfKind(_kind: string | null): EntryFormat {
  return REKOR_V2;
}
