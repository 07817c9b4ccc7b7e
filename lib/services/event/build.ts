import { createHash } from 'node:crypto';
import { stableId } from '#lib/ids.ts';
import type { Check } from '#lib/provenance/check.ts';
import { claimWithoutBundle } from '#lib/provenance/claim.ts';
import { decodeEntryBase64 } from '#lib/rekor/entry.ts';
import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import type { Candidate } from '#lib/rekor/scan.ts';
import type { CertificateJudgement } from '#lib/sigstore/authenticity.ts';
import { utc } from '#lib/sigstore/validity.ts';
import { readFacts } from './certificate-facts.ts';
import { type JudgedSigner, judgeSigner, type SignerClaim } from './judge-signer.ts';
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

/** Makes the event of a candidate: who signed, with what authority, at what proven time. Throws for nothing in the entry. */
export function buildEvent(candidate: Candidate, place: EntryPlace, judge: CertificateJudge): NewEvent {
  const { signature } = candidate;
  const leafHash = hex(candidate.leafHash);
  const judged = judgeCandidate(candidate, place, judge);
  const digest = digestOf(candidate);
  const isCertificate = signature?.form === 'certificate';
  const issuer = judged.facts?.issuer.value ?? null;
  const verifier = signature ? Buffer.from(signature.verifier, 'base64') : null;
  return {
    matches: candidate.matches,
    certificate: isCertificate ? verifier : null,
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
      digestAlgorithm: digest?.algorithm ?? null,
      digest: digest?.hex ?? null,
      signatureSha256: signature?.signature ? sha256(Buffer.from(signature.signature, 'base64')) : null,
      certificateSha256: isCertificate && verifier ? sha256(verifier) : null,
      publicKeySha256: !isCertificate && verifier ? sha256(verifier) : null,
      authenticity: judged.authenticity,
      authenticityReason: judged.authenticityReason,
      signedAt: judged.signedAt,
      signedAtSource: judged.signedAtSource,
      certificate: judged.facts && JSON.stringify(judged.facts),
      san: judged.facts?.sans[0]?.value ?? null,
      sanType: judged.facts?.sans[0]?.type ?? null,
      issuer,
      claim: claimWithoutBundle(issuer),
      undecided: candidate.undecided,
      undecidedBy: candidate.undecided === null ? null : READER_VERSION,
      firstSeenAt: place.seenAt,
      occurredAt: judged.signedAt ?? place.seenAt,
      checks: JSON.stringify([
        ...place.checks,
        inclusionCheck(candidate, place, leafHash),
        ...takenCheck(place),
        parsedCheck(candidate),
        ...judged.checks,
      ]),
    },
  };
}

/** What is known of who signed; of an entry that is undecided or holds no readable certificate, why that is not known. */
function judgeCandidate(candidate: Candidate, { seenAt, takenAt }: EntryPlace, judge: CertificateJudge): JudgedSigner {
  const { decoded, signature } = candidate;
  if (!decoded || !signature) {
    return unverifiable(takenAt, candidate.undecided ?? 'The entry carries no signature.');
  }
  let verifier: Buffer;
  try {
    verifier = decodeEntryBase64(signature.verifier);
  } catch {
    return unverifiable(takenAt, 'The certificate or key in the entry is not canonical base64.');
  }
  const claim: SignerClaim = {
    kind: decoded.kind,
    form: signature.form,
    verifier,
    keyDetails: signature.keyDetails,
    signature: signature.signature === '' ? null : Buffer.from(signature.signature, 'base64'),
    digest: digestOf(candidate),
    digestOf: decoded.digestOf,
    signers: decoded.signers,
    takenAt,
  };
  return judgeSigner(claim, signature.form === 'certificate' ? readFacts(verifier) : null, seenAt, judge);
}

function unverifiable(takenAt: number | null, authenticityReason: string): JudgedSigner {
  const signedAtSource = takenAt === null ? null : 'integrated-time';
  return {
    authenticity: 'unverifiable',
    authenticityReason,
    signedAt: takenAt,
    signedAtSource,
    facts: null,
    checks: [],
  };
}

function digestOf({ decoded }: Candidate): SignerClaim['digest'] {
  if (!decoded || decoded.digest === null || decoded.digestAlgorithm === null) return null;
  return { algorithm: decoded.digestAlgorithm, hex: Buffer.from(decoded.digest, 'base64').toString('hex') };
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

/** The time is the log's word, and signed: a signed entry timestamp. */
function takenCheck({ origin, takenAt }: EntryPlace): Check[] {
  if (takenAt === null) return [];
  const statement = `${origin} signed that it took the entry at ${utc(takenAt)}.`;
  return [{ name: 'timestamp', outcome: 'passed', statement, evidence: { time: utc(takenAt), origin } }];
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
