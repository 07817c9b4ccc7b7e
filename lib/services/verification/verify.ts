import { createHash } from 'node:crypto';
import { z } from 'zod';
import { verifications } from '#db/schema/verification.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { randomId } from '#lib/ids.ts';
import type { Expectation, VerificationAnswer } from '#lib/provenance/verification.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleFailedChecks } from '#lib/services/finding/settle-failed-checks.ts';
import type { Standards } from '#lib/services/standards.ts';
import { resolveExpectation } from './expectation.ts';
import { judgeHashList } from './judge.ts';
import { pack, storeRun } from './stored.ts';

const MAX_TEXT = 512;

const inputSchema = z.object({
  channel: z.enum(verifications.channel.enumValues),
  source: z.string().min(1).max(MAX_TEXT),
  /** What was checked and where, as its sender calls it. */
  place: z.string().max(MAX_TEXT).nullable(),
  expect: z
    .object({ model: z.string().min(1).max(MAX_TEXT), version: z.string().min(1).max(MAX_TEXT).nullable() })
    .nullable(),
});

export interface VerificationInput {
  readonly list: HashList;
  readonly channel: 'browser' | 'api' | 'cli';
  /** The token's name for the API; `browser` or `command line` else. */
  readonly source: string;
  readonly place: string | null;
  /** What the sender says that it should be; null to ask what it is. */
  readonly expect: Expectation | null;
}

export interface StoredVerification {
  readonly id: string;
  readonly answer: VerificationAnswer;
}

/**
 * Finds out what a list of hashes is, stores list and answer as a receipt, and settles the findings of the version that
 * was expected. A bad answer is an answer: it does not throw.
 *
 * @throws {ExpectationError} where no such model or version is known; nothing is stored then.
 * @throws {z.ZodError} for a text that is too long.
 */
export function verifyHashList(
  { database, now }: ServiceContext,
  { list, ...asked }: VerificationInput,
  standards: Standards,
): StoredVerification {
  const { channel, source, place, expect } = inputSchema.parse(asked);
  const { db } = database;
  const at = now();
  // Judged before the transaction that writes: a long list must not hold up the jobs.
  const { answer, resolved } = db.transaction(() => {
    const resolved = expect && resolveExpectation(db, expect);
    return { resolved, answer: judgeHashList(db, { list, expect: expect && resolved && { ...expect, resolved }, at }) };
  });
  const text = writeModeltrailManifest(list);
  const id = randomId('verification');
  const expectedVersionId = expect ? (answer.version?.versionId ?? null) : null;
  const row: typeof verifications.$inferInsert = {
    id,
    createdAt: at,
    channel,
    source,
    place,
    form: list.form,
    name: list.name,
    fileCount: list.files.length,
    listSha256: createHash('sha256').update(text).digest('hex'),
    list: pack(text),
    expectedModelId: resolved?.modelId ?? null,
    expectedVersionId,
    expectation: expect && JSON.stringify(expect),
  };
  db.transaction(
    (tx) => {
      tx.insert(verifications).values(row).run();
      storeRun(tx, id, answer, standards.id);
      if (resolved) settleFailedChecks(tx, { modelId: resolved.modelId, now: at });
    },
    { behavior: 'immediate' },
  );
  return { id, answer };
}
