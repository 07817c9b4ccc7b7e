import { stableId } from '#lib/ids.ts';
import type { Finding } from '#lib/provenance/findings.ts';

/** The same thing found again is the same finding. */
export function findingId(
  modelId: string,
  { kind, versionId, key }: Pick<Finding, 'kind' | 'versionId' | 'key'>,
): string {
  return stableId('finding', kind, modelId, versionId, key);
}
