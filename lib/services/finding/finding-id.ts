import { stableId } from '#lib/ids.ts';
import type { Finding } from '#lib/provenance/findings.ts';

/** The same thing found again is the same finding. A place is one, whatever version is expected there. */
export function findingId(
  modelId: string,
  { kind, versionId, key }: Pick<Finding, 'kind' | 'versionId' | 'key'>,
): string {
  const about = kind === 'hash-mismatch' ? '' : (versionId ?? '');
  return stableId('finding', kind, modelId, about, key);
}
