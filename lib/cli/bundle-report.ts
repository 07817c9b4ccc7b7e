import type { Check } from '#lib/provenance/check.ts';
import { authorityLabel } from '#lib/provenance/expected-signer.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import type { AnyVerdict } from '#lib/sigstore/verify-any.ts';
import { type Artifact, verifyWithArtifact } from './artifact.ts';
import { compareSigner, type SignerQuestion } from './asked-signer.ts';
import { readSignedContent, type SignedContent } from './signed-content.ts';
import type { ChosenTrust } from './trust.ts';

/** Who signed, and by what that is known. */
export interface ReportedSigner {
  /** `sigstore`: a certificate of the trust root. `key`, `certificate`: of the operator, or as given. */
  readonly method: 'sigstore' | 'key' | 'certificate';
  /** The kind of name: of the certificate, else `public-key` or `subject`. */
  readonly type: string;
  /** As shown. */
  readonly value: string;
  /** Lowercase hex of the name's bytes; null for what is no name of a certificate. */
  readonly raw: string | null;
  /** Who vouches for the name; null for a bare key. */
  readonly issuer: string | null;
  /** SHA-256 of a bare key's SPKI, lowercase hex. */
  readonly keySha256: string | null;
}

/** All that one verification found out. Times are milliseconds since the epoch. */
export interface BundleReport {
  readonly outcome: 'verified' | 'refused';
  /** Of a BundleError, a Refusal or a StatementError; or `other-identity`, `other-issuer`. Null where verified. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly signer: ReportedSigner | null;
  /** Whether the signer is who was asked for. */
  readonly identity: 'as-asked' | 'other' | 'not-asked';
  /** Whether a transparency log has the signature. Null where it is not known to be good. */
  readonly logged: boolean | null;
  /** Null where nothing proves when it was signed. */
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  readonly content: SignedContent | null;
  readonly checks: readonly Check[];
}

export interface BundleQuestion extends SignerQuestion {
  readonly now: number;
  readonly artifact: Artifact | null;
}

type Verified = Extract<AnyVerdict, { outcome: 'verified' }>;

const NOTHING = {
  signer: null,
  identity: 'not-asked',
  logged: null,
  signedAt: null,
  signedAtSource: null,
  content: null,
  checks: [],
} as const;

/** Beside what reasons say of the configuration. */
const OPTIONS_THAT_MEND: Readonly<Record<string, string>> = {
  'key-not-trusted': 'For this command, --key names the key that must have signed.',
  'certificate-not-trusted': 'For this command, --authority names its file.',
};

/** Verifies the bytes of a bundle. Never throws for what is in them. */
export function reportOnBundle(bytes: Uint8Array, trust: ChosenTrust, question: BundleQuestion): BundleReport {
  const parsed = tryRead(bytes);
  if (parsed instanceof BundleError) return refused(NOTHING, parsed.code, parsed.message);
  const { asked, operator } = question;
  if (parsed.material.form === 'public-key' && operator.keys.length === 0) {
    const reason =
      'The bundle is signed with a bare key, which it does not vouch for. Give the public key of its signer with --key.';
    return refused(NOTHING, 'key-needed', reason);
  }
  const verdict = verifyWithArtifact(parsed, trust.root, operator, question);
  if (verdict.outcome === 'refused') {
    const here = OPTIONS_THAT_MEND[verdict.code];
    const reason = here === undefined ? verdict.reason : `${verdict.reason} ${here}`;
    return refused({ ...NOTHING, checks: verdict.checks }, verdict.code, reason);
  }
  const { content, problem, checks: contentChecks } = readSignedContent(parsed);
  const { logged, signedAt, signedAtSource } = verdict;
  const checks = [...verdict.checks, ...contentChecks];
  const found = { ...NOTHING, signer: describeSigner(verdict), logged, signedAt, signedAtSource, content, checks };
  if (problem) return refused(found, problem.code, problem.message);
  const difference = asked && compareSigner(verdict, asked);
  if (difference) return refused({ ...found, identity: 'other' }, difference.code, difference.reason);
  return { outcome: 'verified', code: null, reason: null, ...found, identity: asked ? 'as-asked' : 'not-asked' };
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

function describeSigner(verdict: Verified): ReportedSigner | null {
  if (verdict.logged) {
    const { key, signer } = verdict;
    if (key) return describeKey(key);
    if (!signer) return null;
    const { type, value, raw, issuer } = signer;
    return { method: 'sigstore', type, value, raw, issuer, keySha256: null };
  }
  const { signer } = verdict;
  if (signer.method === 'key') return describeKey(signer);
  const { subject, authority, certificate } = signer;
  const [san] = certificate.sans;
  const name = san ?? { type: 'subject', value: subject, raw: null };
  const { type, value, raw } = name;
  return { method: 'certificate', type, value, raw, issuer: authorityLabel(authority), keySha256: null };
}

function describeKey({ name, fingerprint }: { readonly name: string; readonly fingerprint: string }): ReportedSigner {
  return { method: 'key', type: 'public-key', value: name, raw: null, issuer: null, keySha256: fingerprint };
}
