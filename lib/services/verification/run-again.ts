import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '#db/client.ts';
import { verificationRuns, verifications } from '#db/schema/verification.ts';
import type { Expectation } from '#lib/provenance/verification.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleFailedChecks } from '#lib/services/finding/settle-failed-checks.ts';
import type { Standards } from '#lib/services/standards.ts';
import { ExpectationError, type ResolvedExpectation, resolveExpectation } from './expectation.ts';
import { getVerification, type VerificationDetail } from './get.ts';
import { type Asked, judgeHashList } from './judge.ts';
import { storeRun, unpackAnswer, unpackList } from './stored.ts';

const inputSchema = z.object({ id: z.string().max(100) });

type Row = typeof verifications.$inferSelect;

/**
 * Judges a stored list by all that is known now: "would it still verify?". Adds a run; those before stay as they were.
 *
 * @returns the receipt with the new run as its latest; null where there is none of this id.
 */
export async function runAgain(
  { database, now }: ServiceContext,
  input: z.input<typeof inputSchema>,
  standards: Standards,
): Promise<VerificationDetail | null> {
  const { id } = inputSchema.parse(input);
  const { db } = database;
  const at = now();
  const row = db.select().from(verifications).where(eq(verifications.id, id)).get();
  const first = db
    .select({ answer: verificationRuns.answer })
    .from(verificationRuns)
    .where(eq(verificationRuns.verificationId, id))
    .orderBy(asc(verificationRuns.id))
    .limit(1)
    .get();
  if (!row || !first) return null;
  const list = unpackList(row, unpackAnswer(first.answer).list.remarks);
  const answer = db.transaction(() => judgeHashList(db, { list, expect: expectationOf(db, row), at }));
  db.transaction(
    (tx) => {
      storeRun(tx, id, answer, standards.id);
      if (row.expectedModelId !== null) settleFailedChecks(tx, { modelId: row.expectedModelId, now: at });
    },
    { behavior: 'immediate' },
  );
  return getVerification(database, { id });
}

function expectationOf(db: Db, row: Row): Asked['expect'] {
  if (row.expectation === null) return null;
  const expect = JSON.parse(row.expectation) as Expectation;
  return { ...expect, resolved: resolveAgain(db, row, expect) };
}

/** A label may stand for nothing any more; what it stood for then is meant still. */
function resolveAgain(db: Db, { expectedModelId, expectedVersionId }: Row, expect: Expectation): ResolvedExpectation {
  try {
    return resolveExpectation(db, expect);
  } catch (error) {
    if (!(error instanceof ExpectationError) || expectedModelId === null || expectedVersionId === null) throw error;
    return { modelId: expectedModelId, versionIds: [expectedVersionId], newestVersionId: expectedVersionId };
  }
}
