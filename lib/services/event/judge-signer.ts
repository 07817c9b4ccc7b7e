import { hash } from 'node:crypto';
import type { Check } from '#lib/provenance/check.ts';
import type { DecodedEntry } from '#lib/rekor/entry.ts';
import { utc } from '#lib/sigstore/validity.ts';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { CertificateJudge } from './build.ts';
import type { NewEvent } from './record.ts';

/** What an entry says of one signature, whoever showed the entry. */
export interface SignerClaim {
  /** Kind and version of the entry. */
  readonly kind: string;
  readonly form: 'certificate' | 'public-key';
  /** DER of the certificate, SPKI DER of the key. */
  readonly verifier: Buffer;
  readonly keyDetails: string;
  /** Null where the entry does not hold it. */
  readonly signature: Buffer | null;
  /** Hex. */
  readonly digest: { readonly algorithm: string; readonly hex: string } | null;
  readonly digestOf: DecodedEntry['digestOf'];
  readonly signers: DecodedEntry['signers'];
  /** When the log took it, where it signed that; milliseconds since the epoch. */
  readonly takenAt: number | null;
}

export interface JudgedSigner extends Pick<NewEvent['row'], 'authenticity' | 'authenticityReason'> {
  readonly facts: CertificateFacts | null;
  readonly signedAt: number | null;
  readonly signedAtSource: NonNullable<NewEvent['row']['signedAtSource']> | null;
  readonly checks: readonly Check[];
}

/**
 * Judges who signed an entry: the certificate's chain, the signature over the digest where the entry allows it, and whether
 * the certificate was valid when the log took the entry.
 *
 * @param facts of the certificate; null for bare keys, and for certificates that cannot be read.
 * @param seenAt when the entry was first seen, in milliseconds since the epoch.
 */
export function judgeSigner(
  claim: SignerClaim,
  facts: CertificateFacts | null,
  seenAt: number,
  judge: CertificateJudge,
): JudgedSigner {
  const { form, verifier, takenAt } = claim;
  const time = { signedAt: takenAt, signedAtSource: takenAt === null ? null : ('integrated-time' as const) };
  if (form === 'public-key') {
    const authenticityReason = 'Signed with a bare public key: no certificate says whose key it is.';
    return {
      ...time,
      authenticity: 'unverifiable',
      authenticityReason,
      facts: null,
      checks: [checkSignature(claim, verifier)],
    };
  }
  if (!facts) {
    const authenticityReason = 'The certificate in the entry cannot be read.';
    return { ...time, authenticity: 'unverifiable', authenticityReason, facts, checks: [] };
  }
  const judgement = judge(verifier, seenAt);
  const signed = checkSignature(claim, verifier.subarray(facts.spki.from, facts.spki.to));
  const proven = takenAt === null ? { signedAt: judgement.signedAt, signedAtSource: judgement.source } : time;
  const checks = [signed, ...judgement.checks];
  const isVerified = judgement.authenticity === 'verified';
  const doubt = isVerified ? doubtOf(claim, signed, facts) : null;
  if (doubt) return { ...proven, ...doubt, facts, checks };
  const { authenticity, reason: authenticityReason } = judgement;
  return { ...proven, authenticity, authenticityReason, facts, checks };
}

/** What a genuine certificate does not settle. */
function doubtOf(
  { kind, signers, takenAt }: SignerClaim,
  signed: Check,
  { notBefore, notAfter }: CertificateFacts,
): Pick<JudgedSigner, 'authenticity' | 'authenticityReason'> | null {
  // A genuine certificate is public: without a signature by its key anybody could have put it into an entry.
  if (signed.outcome === 'failed') return { authenticity: 'impersonation', authenticityReason: signed.statement };
  if (signers === 'found') {
    const authenticityReason = `The certificate is genuine, but stands in an entry of the kind ${kind}, of which we cannot tell whether its owner signed it.`;
    return { authenticity: 'unverifiable', authenticityReason };
  }
  if (takenAt !== null && !((notBefore ?? Infinity) <= takenAt && takenAt <= (notAfter ?? 0))) {
    const authenticityReason = `The log took the ${kind} entry at ${utc(takenAt)}, when its certificate was not valid: who had the key by then is not known.`;
    return { authenticity: 'unverifiable', authenticityReason };
  }
  return null;
}

function checkSignature(claim: SignerClaim, spki: Uint8Array): Check {
  const { digest, keyDetails, signature } = claim;
  const evidence = {
    ...(keyDetails === '' ? {} : { algorithm: keyDetails }),
    digest: digest ? `${digest.algorithm}:${digest.hex}` : '',
    key: `sha256:${hash('sha256', spki)}`,
  };
  const unable = whyNotCheckable(claim);
  if (unable !== null || !signature || !digest) {
    const statement = unable ?? 'The entry does not hold the signature: only its bundle can show it.';
    return { name: 'signature', outcome: 'not-made', statement, evidence };
  }
  const result = verifyDigestSignature({
    spkiDer: spki,
    keyDetails,
    digest: Buffer.from(digest.hex, 'hex'),
    signature,
  });
  if (result === 'unsupported') {
    const type = keyDetails === '' ? 'of this kind of key' : `of the type ${keyDetails}`;
    const statement = `Signatures ${type} cannot be checked from a digest alone.`;
    return { name: 'signature', outcome: 'not-made', statement, evidence };
  }
  const statement = result
    ? 'The signature over the digest is by the key of the entry.'
    : 'The signature over the digest is not by the key of the certificate: the entry names a signer who did not sign.';
  return { name: 'signature', outcome: result ? 'passed' : 'failed', statement, evidence };
}

function whyNotCheckable({ kind, digestOf, signers, keyDetails }: SignerClaim): string | null {
  if (signers === 'found') return `Of ${kind} entries the signature is not read.`;
  if (digestOf === 'artifact') {
    return `Signatures of the format ${keyDetails} are not over the digest alone: only the file can show the signature.`;
  }
  if (digestOf === 'signed') return null;
  return `Entries of the kind ${kind} hold the digest of the payload, not of what was signed: only the bundle can show the signature.`;
}
