import { formatUtcDate } from './format.ts';
import type { IncidentState, Severity } from './incident-words.ts';
import type { Tier } from './scope.ts';

/** What stands against using an artifact, whatever its files and signatures are. */
export type UseNotice = IncidentNotice | RetractionNotice;

export interface IncidentNotice {
  readonly kind: 'incident';
  readonly incidentId: string;
  readonly number: number;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly tier: Tier;
  /** Whether it must not be used; else it is told of only. */
  readonly refuses: boolean;
  /** What the responder tells consumers; null where nothing was said in public. */
  readonly publicWording: string | null;
  /** Since when it is part of it. Milliseconds. */
  readonly since: number;
}

export interface RetractionNotice {
  readonly kind: 'retraction';
  readonly bundleId: string;
  readonly refuses: true;
  /** In the words of its signer: a claim. */
  readonly reason: string;
  /** What to use instead, `sha256:…`; null where nothing is named. */
  readonly replacement: string | null;
  /** When the retraction was signed where that is proven, else first seen. Milliseconds. */
  readonly since: number;
}

/** A notice in one paragraph that stands alone: what, since when, and what consumers are told. */
export function noticeSentence(notice: UseNotice): string {
  const said = notice.kind === 'incident' && notice.publicWording !== null ? ` ${notice.publicWording}` : '';
  return `${notice.refuses ? 'Refused' : 'Looked into'}: ${noticeReason(notice)}${said}`;
}

/** Why, and since when, to stand behind the word for it: `part of incident #7 since 12 Mar 2026.` */
export function noticeReason(notice: UseNotice): string {
  if (notice.kind === 'retraction') {
    const instead = notice.replacement === null ? '' : ` Use ${notice.replacement} instead.`;
    return `retracted by its signer, ${formatUtcDate(notice.since)}: ${JSON.stringify(notice.reason)}.${instead}`;
  }
  const { number, tier, refuses, since } = notice;
  const because = tier === 'not-excluded' ? 'that it is affected cannot be excluded' : 'it may be affected';
  return `part of incident #${number} since ${formatUtcDate(since)}${refuses ? '' : `; ${because}`}.`;
}
