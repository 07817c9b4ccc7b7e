import type { Db } from '#db/client.ts';
import { noticeSentence } from '#lib/provenance/use-notice.ts';
import type { AnswerNotice } from '#lib/provenance/verification.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import type { Compared } from './compare.ts';

/**
 * What stands against using files that are these versions, or parts of them. The same is told of versions that the files only
 * come close to, but refuses nothing: they are others.
 */
export function readNotices(db: Db, compared: readonly Compared[]): AnswerNotice[] {
  const artifacts = new Map<number, boolean>();
  for (const { closeness, matching, version } of compared) {
    if (version.artifactId === null || matching === 0 || closeness === 'not-comparable') continue;
    const isIt = closeness === 'same' || closeness === 'partial';
    artifacts.set(version.artifactId, isIt || (artifacts.get(version.artifactId) ?? false));
  }
  const found = allNoticesOf(db, [...artifacts.keys()]);
  const told = new Map<string, AnswerNotice>();
  for (const [artifactId, isIt] of artifacts) {
    if (!isIt) continue;
    for (const notice of found.get(artifactId) ?? []) {
      const key = notice.kind === 'incident' ? notice.incidentId : notice.bundleId;
      // Two versions of one incident: that the files are refused is what counts.
      if (!told.get(key)?.refuses) told.set(key, { ...notice, sentence: noticeSentence(notice) });
    }
  }
  return [...told.values()];
}
