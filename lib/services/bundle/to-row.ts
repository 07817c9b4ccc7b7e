import type { bundles } from '#db/schema/bundle.ts';
import type { Standards } from '#lib/services/standards.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import type { AnyVerdict } from '#lib/sigstore/verify-any.ts';
import type { BundleContent } from './read-content.ts';
import { storedSigner } from './stored-signer.ts';

type BundleRow = typeof bundles.$inferInsert;

interface JudgedBundle {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly parsed: ParsedBundle;
  readonly judged: AnyVerdict;
  readonly content: BundleContent;
  readonly now: number;
  readonly standards: Standards;
}

/** A bundle as it is stored, with what was found of it. */
export function toBundleRow({ id, bytes, parsed, judged, content, now, standards }: JudgedBundle): BundleRow {
  const entry = parsed.logEntries[0];
  const refusal =
    judged.outcome === 'refused'
      ? {
          code: judged.code,
          reason: judged.reason,
          at: judged.checks.findLast(({ outcome }) => outcome === 'failed')?.name,
        }
      : content.problem && { code: content.problem.code, reason: content.problem.message, at: content.problem.at };
  return {
    id,
    sha256: parsed.sha256,
    bytes: Buffer.from(bytes),
    mediaType: parsed.mediaType,
    content: parsed.content,
    state: refusal ? 'refused' : 'verified',
    reasonCode: refusal?.code ?? null,
    reason: refusal?.reason ?? null,
    at: refusal?.at ?? null,
    judgedUnder: standards.id,
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
    ...storedSigner(judged, parsed),
    checks: JSON.stringify([...judged.checks, ...content.checks]),
    firstSeenAt: now,
  };
}
