import { createHash } from 'node:crypto';
import { stableId } from '#lib/ids.ts';
import type { Check } from '#lib/provenance/check.ts';
import { claimWithoutBundle } from '#lib/provenance/claim.ts';
import { decodeEntryBase64, type EntrySignature } from '#lib/rekor/entry.ts';
import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import type { Candidate } from '#lib/rekor/scan.ts';
import type { CertificateJudgement } from '#lib/sigstore/authenticity.ts';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';
import { readFacts } from './certificate-facts.ts';
import type { NewEvent } from './record.ts';

/** Where a candidate was read, and what binds it there. */
export interface EntryPlace {
  readonly logId: number;
  readonly origin: string;
  readonly checkpointId: number;
  readonly treeSize: number;
  readonly inclusionProof: readonly Uint8Array[];
  /** When the log took the entry, where it signed that; milliseconds since the epoch. */
  readonly takenAt: number | null;
  /** When the checkpoint was first seen. */
  readonly seenAt: number;
  /** The checks that brought the entry here: checkpoint signature and consistency. */
  readonly checks: readonly Check[];
}

export type CertificateJudge = (certificate: Uint8Array, seenAt: number) => CertificateJudgement;

type Judged = Pick<
  NewEvent['row'],
  'authenticity' | 'authenticityReason' | 'signedAt' | 'signedAtSource' | 'certificate' | 'san' | 'sanType' | 'issuer'
> & { readonly checks: readonly Check[] };

/** Makes the event of a candidate: who signed, with what authority, at what proven time. Throws for nothing in the entry. */
export function buildEvent(candidate: Candidate, place: EntryPlace, judge: CertificateJudge): NewEvent {
  const { decoded, signature } = candidate;
  const leafHash = hex(candidate.leafHash);
  const judged = judgeSigner(candidate, place.seenAt, judge);
  const isCertificate = signature?.form === 'certificate';
  const verifier = signature ? Buffer.from(signature.verifier, 'base64') : null;
  return {
    matches: candidate.matches,
    row: {
      id: stableId('event', place.origin, candidate.index),
      logId: place.logId,
      logIndex: candidate.index,
      leafHash,
      kind: candidate.kind,
      entry: Buffer.from(candidate.bytes),
      seenBy: 'tail',
      checkpointId: place.checkpointId,
      treeSize: place.treeSize,
      inclusionProof: Buffer.concat(place.inclusionProof),
      digestAlgorithm: decoded?.digestAlgorithm ?? null,
      digest: decoded ? Buffer.from(decoded.digest, 'base64').toString('hex') : null,
      signatureSha256: signature ? sha256(Buffer.from(signature.signature, 'base64')) : null,
      certificateSha256: isCertificate && verifier ? sha256(verifier) : null,
      publicKeySha256: !isCertificate && verifier ? sha256(verifier) : null,
      authenticity: judged.authenticity,
      authenticityReason: judged.authenticityReason,
      signedAt: judged.signedAt ?? null,
      signedAtSource: judged.signedAtSource ?? null,
      certificate: judged.certificate ?? null,
      san: judged.san ?? null,
      sanType: judged.sanType ?? null,
      issuer: judged.issuer ?? null,
      claim: claimWithoutBundle(judged.issuer ?? null),
      undecided: candidate.undecided,
      undecidedBy: candidate.undecided === null ? null : READER_VERSION,
      firstSeenAt: place.seenAt,
      occurredAt: judged.signedAt ?? place.seenAt,
      checks: JSON.stringify([...place.checks, inclusionCheck(candidate, place, leafHash), ...judged.checks]),
    },
  };
}

function judgeSigner(candidate: Candidate, seenAt: number, judge: CertificateJudge): Judged {
  const { decoded, signature } = candidate;
  if (!decoded || !signature) return unverifiable(candidate, candidate.undecided ?? 'The entry carries no signature.');
  let certificate: Buffer;
  try {
    certificate = decodeEntryBase64(signature.verifier);
  } catch {
    return unverifiable(candidate, 'The certificate or key in the entry is not canonical base64.');
  }
  if (signature.form === 'public-key') {
    const reason = 'Signed with a bare public key: no certificate says whose key it is.';
    return unverifiable(candidate, reason, [signatureCheck(candidate, signature, certificate)]);
  }
  const facts = readFacts(certificate);
  if (!facts) return unverifiable(candidate, 'The certificate in the entry cannot be read.');
  const judgement = judge(certificate, seenAt);
  const signed = signatureCheck(candidate, signature, certificate.subarray(facts.spki.from, facts.spki.to));
  // A genuine certificate is public: without a signature by its key anybody could have put it into an entry.
  const forged = signed.outcome === 'failed' && judgement.authenticity === 'verified';
  return {
    authenticity: forged ? 'impersonation' : judgement.authenticity,
    authenticityReason: forged ? signed.statement : judgement.reason,
    signedAt: judgement.signedAt,
    signedAtSource: judgement.source,
    certificate: JSON.stringify(facts),
    san: facts.sans[0]?.value ?? null,
    sanType: facts.sans[0]?.type ?? null,
    issuer: facts.issuer.value,
    checks: [parsedCheck(candidate), signed, ...judgement.checks],
  };
}

function unverifiable(candidate: Candidate, authenticityReason: string, checks: readonly Check[] = []): Judged {
  return { authenticity: 'unverifiable', authenticityReason, checks: [parsedCheck(candidate), ...checks] };
}

function parsedCheck({ kind, undecided, bytes }: Candidate): Check {
  return {
    name: 'entry-parsed',
    outcome: undecided ? 'failed' : 'passed',
    statement:
      undecided ?? `The entry is a well-formed ${kind}, read only after its leaf was bound to the signed root.`,
    evidence: { kind: kind ?? 'unknown', bytes: String(bytes.length) },
  };
}

function signatureCheck({ decoded }: Candidate, signature: EntrySignature, spki: Uint8Array): Check {
  const evidence = {
    algorithm: signature.keyDetails,
    digest: decoded ? `${decoded.digestAlgorithm}:${Buffer.from(decoded.digest, 'base64').toString('hex')}` : '',
    key: `sha256:${sha256(spki)}`,
  };
  if (!decoded || decoded.kind === 'dsse 0.0.2') {
    const statement =
      'A dsse entry holds the digest of the payload, not of what was signed: only its bundle can show the signature.';
    return { name: 'signature', outcome: 'not-made', statement, evidence };
  }
  const result = verifyDigestSignature({
    spkiDer: spki,
    keyDetails: signature.keyDetails,
    digest: Buffer.from(decoded.digest, 'base64'),
    signature: Buffer.from(signature.signature, 'base64'),
  });
  if (result === 'unsupported') {
    const statement = `Signatures of the type ${signature.keyDetails} cannot be checked from a digest alone.`;
    return { name: 'signature', outcome: 'not-made', statement, evidence };
  }
  return result
    ? {
        name: 'signature',
        outcome: 'passed',
        statement: 'The signature over the digest is by the key of the entry.',
        evidence,
      }
    : {
        name: 'signature',
        outcome: 'failed',
        statement:
          'The signature over the digest is not by the key of the certificate: the entry names a signer who did not sign.',
        evidence,
      };
}

function inclusionCheck(candidate: Candidate, place: EntryPlace, leafHash: string): Check {
  return {
    name: 'inclusion',
    outcome: 'passed',
    statement: `Entry ${candidate.index} is part of the tree of ${place.treeSize} entries that ${place.origin} signed.`,
    evidence: {
      'log index': String(candidate.index),
      'tree size': String(place.treeSize),
      'leaf hash': leafHash,
      'proof hashes': String(place.inclusionProof.length),
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
