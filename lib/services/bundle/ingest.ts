import { eq } from 'drizzle-orm';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { stableId } from '#lib/ids.ts';
import { isModelSignature, type OmsManifest, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE, type Statement } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { contentChecks } from '#lib/sigstore/content-checks.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type BundleVerdict, verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { linkBundle } from './link.ts';
import { recordVersion } from './record-version.ts';

export type IngestResult =
  | { readonly outcome: 'accepted'; readonly bundleId: string; readonly isNew: boolean }
  /** `bundleId` is null for bytes that could not even be read as a bundle, and are not kept. */
  | { readonly outcome: 'refused'; readonly bundleId: string | null; readonly code: string; readonly reason: string };

type BundleRow = typeof bundles.$inferInsert;

/**
 * Takes one bundle: reads it strictly, verifies it against the trust root in force, recomputes its OMS root, stores it
 * once, and joins it with its log entry, whichever of the two came first. Never throws for what the bytes are.
 */
export function ingestBundle(ctx: ServiceContext, bytes: Uint8Array, root: TrustedRoot): IngestResult {
  const parsed = tryRead(bytes);
  if (parsed instanceof BundleError) {
    return { outcome: 'refused', bundleId: null, code: parsed.code, reason: parsed.message };
  }
  const id = stableId('bundle', parsed.sha256);
  const known = ctx.database.db.select({ state: bundles.state }).from(bundles).where(eq(bundles.id, id)).get();
  if (known?.state === 'verified') return { outcome: 'accepted', bundleId: id, isNew: false };

  const verdict = verifyBundle(parsed, root, { now: ctx.now() });
  const content = readContent(parsed, verdict);
  const row = toRow(ctx, id, bytes, parsed, verdict, content);
  ctx.database.db.transaction(
    (tx) => {
      // Refused before, under another trust root perhaps: when it was first seen stays.
      const { firstSeenAt: _, ...set } = row;
      tx.insert(bundles).values(row).onConflictDoUpdate({ target: bundles.id, set }).run();
      if (row.state !== 'verified') return;
      content.statement?.subjects.forEach((subject, position) => {
        for (const { algorithm, digest } of subject.digests) {
          tx.insert(bundleSubjects)
            .values({ bundleId: id, position, name: subject.name, algorithm, digest })
            .onConflictDoNothing()
            .run();
        }
      });
      if (content.manifest) recordVersion(tx, id, content.manifest, ctx.now());
      linkBundle(tx, ctx.database.sqlite, id, parsed);
    },
    { behavior: 'immediate' },
  );
  if (row.state === 'verified') return { outcome: 'accepted', bundleId: id, isNew: !known };
  return { outcome: 'refused', bundleId: id, code: row.reasonCode ?? 'refused', reason: row.reason ?? '' };
}

function tryRead(bytes: Uint8Array): ParsedBundle | BundleError {
  try {
    return readBundle(bytes);
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
}

interface Content {
  readonly statement: Statement | null;
  readonly manifest: OmsManifest | null;
  readonly problem: StatementError | null;
  readonly checks: readonly Check[];
}

/** The payload is interpreted only once its signature is known to be good. */
function readContent(parsed: ParsedBundle, verdict: BundleVerdict): Content {
  const nothing = { statement: null, manifest: null, problem: null, checks: [] };
  if (verdict.outcome !== 'verified' || !parsed.payload || parsed.payloadType !== STATEMENT_PAYLOAD_TYPE)
    return nothing;
  try {
    const statement = parseStatement(parsed.payload);
    const manifest = isModelSignature(statement.predicateType) ? readOmsManifest(statement) : null;
    return { statement, manifest, problem: null, checks: contentChecks(statement, manifest) };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const check: Check = {
      name: 'statement',
      outcome: 'failed',
      statement: error.message,
      evidence: { code: error.code },
    };
    return { ...nothing, problem: error, checks: [check] };
  }
}

function toRow(
  ctx: ServiceContext,
  id: string,
  bytes: Uint8Array,
  parsed: ParsedBundle,
  verdict: BundleVerdict,
  content: Content,
): BundleRow {
  const entry = parsed.logEntries[0];
  const refusal =
    verdict.outcome === 'refused'
      ? { code: verdict.code, reason: verdict.reason }
      : content.problem && { code: content.problem.code, reason: content.problem.message };
  const signer = verdict.outcome === 'verified' ? verdict.signer : null;
  return {
    id,
    sha256: parsed.sha256,
    bytes: Buffer.from(bytes),
    mediaType: parsed.mediaType,
    content: parsed.content,
    state: refusal ? 'refused' : 'verified',
    reasonCode: refusal?.code ?? null,
    reason: refusal?.reason ?? null,
    payloadType: parsed.payloadType,
    predicateType: content.statement?.predicateType ?? null,
    payloadSha256: parsed.payloadSha256,
    signedSha256: parsed.signed.sha256,
    signedSha384: parsed.signed.sha384,
    signedSha512: parsed.signed.sha512,
    signatureSha256: parsed.signatureSha256,
    certificateSha256: parsed.certificateSha256,
    leafHash: entry?.leafHash ?? null,
    logKeyId: entry?.logId ?? null,
    logIndex: entry?.proof?.index ?? null,
    sanType: signer?.type ?? null,
    san: signer?.value ?? null,
    issuer: signer?.issuer ?? null,
    signedAt: verdict.outcome === 'verified' ? verdict.signedAt : null,
    signedAtSource: verdict.outcome === 'verified' ? verdict.signedAtSource : null,
    checks: JSON.stringify([...verdict.checks, ...content.checks]),
    firstSeenAt: ctx.now(),
  };
}
