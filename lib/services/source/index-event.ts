import { hash } from 'node:crypto';
import type { Writer } from '#db/client.ts';
import { claimWithoutBundle } from '#lib/provenance/claim.ts';
import type { ProvenEntry } from '#lib/rekor-v1/prove-entry.ts';
import { readFacts } from '#lib/services/event/certificate-facts.ts';
import { entryEventId } from '#lib/services/event/entry-event-id.ts';
import { judgeSigner, type SignerClaim } from '#lib/services/event/judge-signer.ts';
import type { NewEvent } from '#lib/services/event/record.ts';
import { logOfEntry } from '#lib/services/log/log-of-entry.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';

type Proven = Extract<ProvenEntry, { outcome: 'proven' }>;

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
  const claim: SignerClaim = {
    kind: `${entry.kind} ${entry.version}`,
    form: body.verifier.form,
    verifier: body.verifier.der,
    keyDetails: '',
    signature: body.signature,
    digest: { algorithm: body.algorithm, hex: body.digest },
    digestOf: body.digestOf,
    signers: 'stated',
    takenAt: at,
  };
  const judge = (certificate: Uint8Array, seenAt: number) => judgeCertificate(certificate, input.root, { seenAt });
  const judged = judgeSigner(claim, facts, now, judge);
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
