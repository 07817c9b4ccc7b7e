import { gunzipSync, gzipSync } from 'node:zlib';
import type { Db } from '#db/client.ts';
import { verificationRuns, type verifications } from '#db/schema/verification.ts';
import { HASH_LIST_FORMS, type HashList } from '#lib/hash-list/hash-list.ts';
import { readModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import type { VerificationAnswer } from '#lib/provenance/verification.ts';

/** What a stored list or answer can have unpacked: lists are bounded when they come, and answers grow with versions. */
const MAX_BYTES = 512 * 1024 * 1024;
/** Our own form is longer than lines of checksums; what was taken once is read again whatever its length. */
const LIMITS = { maxBytes: MAX_BYTES, maxFiles: 1_000_000 };

export interface RunFacts {
  /** Grows with each run. */
  readonly id: number;
  readonly at: number;
  readonly outcome: (typeof verificationRuns.$inferSelect)['outcome'];
  /** Whether it is what was expected; null where nothing was. */
  readonly isExpected: boolean | null;
  readonly versionId: string | null;
}

export const RUN_FACTS = {
  id: verificationRuns.id,
  at: verificationRuns.at,
  outcome: verificationRuns.outcome,
  isExpected: verificationRuns.isExpected,
  versionId: verificationRuns.versionId,
};

export function pack(text: string): Buffer {
  return gzipSync(text, { level: 4 });
}

export function unpackAnswer(answer: Buffer): VerificationAnswer {
  const stored = JSON.parse(gunzipSync(answer, { maxOutputLength: MAX_BYTES }).toString('utf8')) as VerificationAnswer;
  // Answers that were stored before there were incidents say nothing of them.
  return { ...stored, notices: stored.notices ?? [] };
}

/** The list as it came in, with what was remarked then. */
export function unpackList(
  { list, form }: Pick<typeof verifications.$inferSelect, 'list' | 'form'>,
  remarks: readonly string[],
): HashList {
  const read = readModeltrailManifest(gunzipSync(list, { maxOutputLength: MAX_BYTES }), LIMITS);
  return { ...read, form: HASH_LIST_FORMS.find((known) => known === form) ?? 'modeltrail', remarks };
}

/** Stores one judgement of a list. @returns its id. */
export function storeRun(
  tx: Pick<Db, 'insert'>,
  verificationId: string,
  answer: VerificationAnswer,
  judgedUnder: string,
): number {
  return tx
    .insert(verificationRuns)
    .values({
      verificationId,
      at: answer.at,
      outcome: answer.outcome,
      isExpected: answer.expected?.isMet ?? null,
      versionId: answer.version?.versionId ?? null,
      judgedUnder,
      answer: pack(JSON.stringify(answer)),
    })
    .returning({ id: verificationRuns.id })
    .get().id;
}
