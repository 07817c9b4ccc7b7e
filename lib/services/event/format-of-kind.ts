import { type EntryFormat, REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';

/** Rekor v2 writes these versions alone. */
const VERSION_OF_V2 = / 0\.0\.2$/;
/** Which Rekor v1 has of this kind too. */
const KIND_OF_V1 = /^intoto /;

/** How a stored entry is read again, by what it calls itself. What calls itself nothing is searched in the same way by both. */
export function formatOfKind(kind: string | null): EntryFormat {
  return kind !== null && VERSION_OF_V2.test(kind) && !KIND_OF_V1.test(kind) ? REKOR_V2 : REKOR_V1;
}
