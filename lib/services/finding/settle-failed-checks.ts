import { gunzipSync } from 'node:zlib';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { findings } from '#db/schema/finding.ts';
import { models, versions } from '#db/schema/model.ts';
import { verificationRuns, verifications } from '#db/schema/verification.ts';
import { hashMismatch } from '#lib/provenance/registration-findings.ts';
import type { VerificationAnswer } from '#lib/provenance/verification.ts';
import { findingId } from './finding-id.ts';
import { openFinding } from './open-finding.ts';

/** What an answer can have unpacked. */
const MAX_ANSWER = 512 * 1024 * 1024;

/**
 * Opens a finding for each check of a model's files that did not meet what was expected, and resolves those that hold no
 * more. What counts is the newest run of the newest check: of a place by its sender, whatever version was expected there;
 * of checks that name no place, of the same expectation by the same sender.
 *
 * @param input.now milliseconds since the epoch.
 */
export function settleFailedChecks(
  tx: Writer,
  { modelId, now }: { readonly modelId: string; readonly now: number },
): void {
  const failed = new Map(readFailed(tx, modelId).map((check) => [idOf(modelId, check), check]));
  const open = tx
    .select({ id: findings.id, evidence: findings.evidence })
    .from(findings)
    .where(and(eq(findings.modelId, modelId), eq(findings.kind, 'hash-mismatch'), isNull(findings.resolvedAt)))
    .all();
  for (const { id, evidence } of open) {
    const check = failed.get(id);
    if (!check) tx.update(findings).set({ resolvedAt: now }).where(eq(findings.id, id)).run();
    // Answers are large: one that is told already is not unpacked again.
    else if ((JSON.parse(evidence) as Record<string, string>).run === String(check.runId)) failed.delete(id);
  }
  for (const check of failed.values()) openFinding(tx, modelId, hashMismatch(readWhole(tx, modelId, check)), now);
}

type Failed = ReturnType<typeof readFailed>[number];

function readFailed(tx: Writer, modelId: string) {
  const { channel, source, place, expectation } = verifications;
  const newest = tx
    .select({ row: sql`max(${verifications}.rowid)` })
    .from(verifications)
    .where(eq(verifications.expectedModelId, modelId))
    .groupBy(channel, source, place, sql`CASE WHEN ${place} IS NULL THEN ${expectation} END`);
  const lastRun = tx
    .select({ id: sql`max(${verificationRuns.id})` })
    .from(verificationRuns)
    .where(eq(verificationRuns.verificationId, verifications.id));
  return tx
    .select({
      verificationId: verifications.id,
      versionId: verifications.expectedVersionId,
      runId: verificationRuns.id,
      channel,
      source,
      place,
      expectation,
    })
    .from(verifications)
    .innerJoin(verificationRuns, inArray(verificationRuns.id, lastRun))
    .where(and(inArray(sql`${verifications}.rowid`, newest), eq(verificationRuns.isExpected, false)))
    .all();
}

function idOf(modelId: string, check: Failed): string {
  return findingId(modelId, { kind: 'hash-mismatch', versionId: check.versionId, key: keyOf(check) });
}

function keyOf({ channel, source, place, expectation }: Failed): string {
  return JSON.stringify([channel, source, place, place === null ? expectation : null]);
}

function readWhole(tx: Writer, modelId: string, check: Failed) {
  const { runId, versionId } = check;
  const model = tx.select({ name: models.name }).from(models).where(eq(models.id, modelId)).get();
  const { id, label, root } = versions;
  const version = tx
    .select({ id, label, root })
    .from(versions)
    .where(eq(versions.id, versionId ?? ''))
    .get();
  const run = tx
    .select({ answer: verificationRuns.answer })
    .from(verificationRuns)
    .where(eq(verificationRuns.id, runId))
    .get();
  if (!model || !run) throw new Error(`The check ${check.verificationId} is of no model, or was never judged.`);
  const unpacked = gunzipSync(run.answer, { maxOutputLength: MAX_ANSWER }).toString();
  const { sentence, files } = JSON.parse(unpacked) as VerificationAnswer;
  return { ...check, modelName: model.name, version: version ?? null, key: keyOf(check), sentence, files };
}
