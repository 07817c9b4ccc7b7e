import { hash } from 'node:crypto';
import type { Writer } from '#db/client.ts';
import type { Check } from '#lib/provenance/check.ts';
import { claimWithoutBundle } from '#lib/provenance/claim.ts';
import type { ProvenEntry } from '#lib/rekor-v1/prove-entry.ts';
import { readFacts } from '#lib/services/event/certificate-facts.ts';
import { entryEventId } from '#lib/services/event/entry-event-id.ts';
import type { NewEvent } from '#lib/services/event/record.ts';
import { logOfEntry } from '#lib/services/log/log-of-entry.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { utc } from '#lib/sigstore/validity.ts';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { Matcher } from '#lib/watch/match.ts';

type Proven = Extract<ProvenEntry, { outcome: 'proven' }>;
type Judged = Pick<NewEvent['row'], 'authenticity' | 'authenticityReason'> & { readonly checks: readonly Check[] };

export interface IndexEventInput {
  readonly entry: BundleLogEntry;
  readonly proven: Proven;
  readonly root: TrustedRoot;
  readonly matcher: Matcher;
  /** `probable` where the index named the entry for a model. */
  readonly claim?: 'probable';
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes the event of an entry that a log's index named and that was proved to be in the log. Who signed it and when is
 * proved like that of any entry; that it is about what the index was asked for is the index's word.
 */
export function buildIndexEvent(tx: Writer, input: IndexEventInput): NewEvent {
  const { entry, proven, matcher, now } = input;
  const { body, at, checks } = proven;
  const log = logOfEntry(tx, entry);
  const index = entry.proof?.index ?? entry.index;
  const isCertificate = body.verifier.form === 'certificate';
  const facts = isCertificate ? readFacts(body.verifier.der) : null;
  const judged = judgeSigner(input, facts);
  const verifierSha256 = hash('sha256', body.verifier.der);
  const { matches, undecided } = matcher.matchEntry({ digests: [body.digest], signatures: [body.verifier] });
  return {
    matches,
    certificate: isCertificate ? body.verifier.der : null,
    row: {
      id: entryEventId(entry, log?.origin, index),
      logId: log?.id ?? null,
      logIndex: index,
      leafHash: entry.leafHash,
      kind: `${entry.kind} ${entry.version}`,
      entry: entry.body,
      seenBy: 'index',
      treeSize: entry.proof?.treeSize ?? null,
      inclusionProof: entry.proof ? Buffer.concat(entry.proof.hashes) : null,
      digestAlgorithm: body.algorithm,
      digest: body.digest,
      signatureSha256: hash('sha256', body.signature),
      certificateSha256: isCertificate ? verifierSha256 : null,
      publicKeySha256: isCertificate ? null : verifierSha256,
      sanType: facts?.sans[0]?.type ?? null,
      san: facts?.sans[0]?.value ?? null,
      issuer: facts?.issuer.value ?? null,
      certificate: facts && JSON.stringify(facts),
      authenticity: judged.authenticity,
      authenticityReason: judged.authenticityReason,
      claim: input.claim ?? claimWithoutBundle(facts?.issuer.value ?? null),
      undecided: undecided?.reason ?? null,
      signedAt: at,
      signedAtSource: 'integrated-time',
      firstSeenAt: now,
      occurredAt: at,
      checks: JSON.stringify([...checks, ...judged.checks]),
    },
  };
}

function judgeSigner({ entry, proven, root, now }: IndexEventInput, facts: CertificateFacts | null): Judged {
  const { verifier } = proven.body;
  if (verifier.form === 'public-key') {
    const authenticityReason = 'Signed with a bare public key: no certificate says whose key it is.';
    return { authenticity: 'unverifiable', authenticityReason, checks: [signatureCheck(proven, verifier.der)] };
  }
  if (!facts) {
    const authenticityReason = 'The certificate in the entry cannot be read.';
    return { authenticity: 'unverifiable', authenticityReason, checks: [] };
  }
  const { authenticity, reason, checks } = judgeCertificate(verifier.der, root, { seenAt: now });
  const signature = signatureCheck(proven, verifier.der.subarray(facts.spki.from, facts.spki.to));
  const all = [signature, ...checks];
  if (authenticity === 'verified' && signature.outcome === 'failed') {
    return { authenticity: 'impersonation', authenticityReason: signature.statement, checks: all };
  }
  const isInTime = (facts.notBefore ?? Infinity) <= proven.at && proven.at <= (facts.notAfter ?? 0);
  if (authenticity === 'verified' && !isInTime) {
    const authenticityReason = `The log took the ${entry.kind} entry at ${utc(proven.at)}, when its certificate was not valid: who had the key by then is not known.`;
    return { authenticity: 'unverifiable', authenticityReason, checks: all };
  }
  return { authenticity, authenticityReason: reason, checks: all };
}

function signatureCheck({ body }: Proven, spki: Uint8Array): Check {
  const evidence = { digest: `${body.algorithm}:${body.digest}`, key: `sha256:${hash('sha256', spki)}` };
  const notMade = (statement: string): Check => ({ name: 'signature', outcome: 'not-made', statement, evidence });
  if (body.digestOf === 'payload') {
    return notMade(
      'The entry holds the digest of the payload, not of what was signed: only its bundle can show the signature.',
    );
  }
  const digest = Buffer.from(body.digest, 'hex');
  const result = verifyDigestSignature({ spkiDer: spki, keyDetails: '', digest, signature: body.signature });
  if (result === 'unsupported') return notMade('Signatures of this kind of key cannot be checked from a digest alone.');
  const statement = result
    ? 'The signature over the digest is by the key of the entry.'
    : 'The signature over the digest is not by the key of the certificate: the entry names a signer who did not sign.';
  return { name: 'signature', outcome: result ? 'passed' : 'failed', statement, evidence };
}
