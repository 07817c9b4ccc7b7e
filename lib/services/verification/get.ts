import { asc, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { verificationRuns, verifications } from '#db/schema/verification.ts';
import type { Expectation, VerificationAnswer } from '#lib/provenance/verification.ts';
import { RUN_FACTS, type RunFacts, unpackAnswer } from './stored.ts';

const inputSchema = z.object({ id: z.string().max(100) });

/** Runs listed, the newest; the first and the latest are always whole. */
const RUNS = 200;

export interface JudgedRun extends RunFacts {
  readonly answer: VerificationAnswer;
}

/** A receipt: what was handed in, what was said of it then, and what is said of it now. */
export interface VerificationDetail
  extends Pick<
    typeof verifications.$inferSelect,
    'id' | 'createdAt' | 'channel' | 'source' | 'place' | 'form' | 'name' | 'fileCount' | 'listSha256'
  > {
  readonly expectation: Expectation | null;
  /** The answer when it was handed in, which never changes. */
  readonly first: JudgedRun;
  /** The newest answer; the first one where it was judged once. */
  readonly latest: JudgedRun;
  /** Newest first. */
  readonly runs: readonly RunFacts[];
}

/** A receipt by its id; null where there is none. */
export async function getVerification(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<VerificationDetail | null> {
  const { id } = inputSchema.parse(input);
  return db.transaction(() => {
    const row = db.select().from(verifications).where(eq(verifications.id, id)).get();
    const ofThis = eq(verificationRuns.verificationId, id);
    const whole = { ...RUN_FACTS, answer: verificationRuns.answer };
    const first = db
      .select(whole)
      .from(verificationRuns)
      .where(ofThis)
      .orderBy(asc(verificationRuns.id))
      .limit(1)
      .get();
    const last = db
      .select(whole)
      .from(verificationRuns)
      .where(ofThis)
      .orderBy(desc(verificationRuns.id))
      .limit(1)
      .get();
    if (!row || !first || !last) return null;
    const { list: _, expectation, expectedModelId: _model, expectedVersionId: _version, ...facts } = row;
    const judged = { ...first, answer: unpackAnswer(first.answer) };
    return {
      ...facts,
      expectation: expectation === null ? null : (JSON.parse(expectation) as Expectation),
      first: judged,
      latest: last.id === first.id ? judged : { ...last, answer: unpackAnswer(last.answer) },
      runs: db
        .select(RUN_FACTS)
        .from(verificationRuns)
        .where(ofThis)
        .orderBy(desc(verificationRuns.id))
        .limit(RUNS)
        .all(),
    };
  });
}
