import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Check } from '#lib/provenance/check.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import type { BundleSigner, VerifyOptions } from '#lib/sigstore/verify-bundle.ts';
import { escapeText } from '#lib/watch/display.ts';
import { type Artifact, verifyWithArtifact } from './artifact.ts';
import { readSignedContent, type SignedContent } from './signed-content.ts';
import type { ChosenTrust } from './trust.ts';

/** All that one verification found out. Times are milliseconds since the epoch. */
export interface BundleReport {
  readonly outcome: 'verified' | 'refused';
  /** Of a BundleError, a Refusal or a StatementError; or `other-identity`, `other-issuer`. Null where verified. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly signer: Pick<BundleSigner, 'type' | 'value' | 'raw' | 'issuer'> | null;
  /** Whether the signer is who was asked for. */
  readonly identity: 'as-asked' | 'other' | 'not-asked';
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  readonly content: SignedContent | null;
  readonly checks: readonly Check[];
}

export interface BundleQuestion extends Pick<VerifyOptions, 'now' | 'key'> {
  readonly artifact: Artifact | null;
  /** Who must have signed: both compared whole, byte for byte. Null where anybody may. */
  readonly signer: { readonly identity: string; readonly issuer: string } | null;
}

const NOTHING = {
  signer: null,
  identity: 'not-asked',
  signedAt: null,
  signedAtSource: null,
  content: null,
  checks: [],
} as const;

/** Verifies the bytes of a bundle. Never throws for what is in them. */
export function reportOnBundle(bytes: Uint8Array, trust: ChosenTrust, question: BundleQuestion): BundleReport {
  const parsed = tryRead(bytes);
  if (parsed instanceof BundleError) return refused({ ...NOTHING }, parsed.code, parsed.message);
  const verdict = verifyWithArtifact(parsed, trust.root, question, question.artifact);
  if (verdict.outcome === 'refused')
    return refused({ ...NOTHING, checks: verdict.checks }, verdict.code, verdict.reason);
  const checks = [...verdict.checks];
  const { signer, signedAt, signedAtSource } = verdict;
  const found = { ...NOTHING, signer: signer && describeSigner(signer), signedAt, signedAtSource, checks };
  try {
    const content = readSignedContent(parsed, checks);
    const difference = question.signer && compareSigner(signer, question.signer);
    if (difference) return refused({ ...found, content, identity: 'other' }, difference.code, difference.reason);
    const identity = question.signer ? 'as-asked' : 'not-asked';
    return { outcome: 'verified', code: null, reason: null, ...found, content, identity };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const { code, message } = error;
    checks.push({ name: 'statement', outcome: 'failed', statement: message, evidence: { code } });
    return refused(found, code, message);
  }
}

type Found = Omit<BundleReport, 'outcome' | 'code' | 'reason'>;

function refused(found: Found, code: string, reason: string): BundleReport {
  return { outcome: 'refused', code, reason, ...found };
}

function tryRead(bytes: Uint8Array): ParsedBundle | BundleError {
  try {
    return readBundle(bytes);
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
}

function describeSigner({ type, value, raw, issuer }: BundleSigner): BundleReport['signer'] {
  return { type, value, raw, issuer };
}

/** Names are compared as bytes. Escaping is one to one, so that equal escaped issuers are equal bytes. */
function compareSigner(
  signer: BundleSigner | null,
  wanted: { readonly identity: string; readonly issuer: string },
): { code: string; reason: string } | null {
  if (!signer)
    return { code: 'other-identity', reason: 'The bundle is signed with a bare key: no identity signed it.' };
  const { sans, issuer } = signer.certificate;
  const raw = Buffer.from(wanted.identity).toString('hex');
  if (!sans.some((san) => san.raw === raw)) {
    const names = sans.map(({ value }) => value).join(', ');
    return { code: 'other-identity', reason: `The bundle is signed by ${names}, not by ${wanted.identity}.` };
  }
  if (issuer.conflict) {
    return {
      code: 'other-issuer',
      reason: 'The certificate names more than one issuer, so that none can be relied on.',
    };
  }
  if (issuer.value !== escapeText(wanted.issuer)) {
    const found = issuer.value ?? 'no issuer';
    return { code: 'other-issuer', reason: `The signer was vouched for by ${found}, not by ${wanted.issuer}.` };
  }
  return null;
}
