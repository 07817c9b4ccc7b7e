import type { Check } from '#lib/provenance/check.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { parseNote } from '#lib/tlog/note.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import type { BundleVersion } from './bundle.ts';
import type { BundleInclusionProof, BundleLogEntry } from './bundle-log-entry.ts';
import { type LogKey, noteVerifiers } from './log-key.ts';
import { notMade, OTHER_TRUST_ROOT, passed, Refusal } from './refusal.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { describeValidity, isValidAt, utc } from './validity.ts';

const TAKE_AGAIN = 'Take the bundle from the signer again; if it stays so, the log or the bundle was tampered with.';

/**
 * Proves that the entry is in a log of the trust root: the checkpoint is the log's own (C2SP tlog-checkpoint, origin
 * included), its key was valid when the bundle was signed, and the leaf is in the tree of the checkpoint (RFC 6962).
 *
 * @param signedAt milliseconds since the epoch: the proven time of the signature.
 * @throws {Refusal}
 */
export function verifyInclusionInLog(
  entry: BundleLogEntry,
  version: BundleVersion,
  root: TrustedRoot,
  signedAt: number,
  checks: Check[],
): void {
  const log = findLog(entry, root, signedAt);
  const { proof } = entry;
  if (!proof?.checkpoint) {
    // Format 0.1 asks for the promise only, which has been verified by now.
    if (version === '0.1' && entry.promise) {
      checks.push(
        notMade('inclusion', 'The bundle is of the old format 0.1: it has the promise of inclusion, no proof.'),
      );
      return;
    }
    throw new Refusal(
      'no-inclusion-proof',
      'inclusion',
      'The bundle has no proof that its entry is in the log.',
      TAKE_AGAIN,
    );
  }
  const checkpoint = openLogCheckpoint(proof.checkpoint, log);
  const size = String(checkpoint.size);
  checks.push(
    passed('checkpoint-signature', `The log ${log.origin} signed the checkpoint of its tree of size ${size}.`, {
      origin: checkpoint.origin,
      size,
      root: Buffer.from(checkpoint.root).toString('hex'),
      'log key valid': describeValidity(log),
    }),
  );
  refuseContradictions(entry, proof, checkpoint, log);
  proveInclusion(entry, proof, checkpoint);
  checks.push(
    passed('inclusion', `Entry ${proof.index} is in the tree of size ${size} that ${log.origin} signed.`, {
      'log index': String(proof.index),
      'tree size': size,
      'leaf hash': entry.leafHash,
      'proof hashes': String(proof.hashes.length),
    }),
  );
}

function findLog(entry: BundleLogEntry, root: TrustedRoot, signedAt: number): LogKey {
  const known = root.logs.filter(({ logId }) => logId === entry.logId);
  const [first] = known;
  if (!first) {
    throw new Refusal(
      'unknown-log',
      'checkpoint-signature',
      `The entry is in the log ${entry.logId}, which the trust root in force does not have.`,
      OTHER_TRUST_ROOT,
      { 'log id': entry.logId },
    );
  }
  const at = entry.promise && entry.integratedAt !== null ? entry.integratedAt : signedAt;
  const valid = known.find((log) => isValidAt(log, at));
  if (valid) return valid;
  throw new Refusal(
    'log-key-outside-validity',
    'checkpoint-signature',
    `The bundle was signed at ${utc(at)}, when the key of the log ${first.origin} was not trusted: it is ${describeValidity(first)}.`,
    'If the log is in use, correct its validity in the trust root.',
    { 'signed at': utc(at), 'log key valid': describeValidity(first) },
  );
}

function openLogCheckpoint(envelope: string, log: LogKey): Checkpoint {
  try {
    const note = new TextEncoder().encode(envelope);
    const origin = log.api === 'rekor-v2' ? log.origin : originOfV1(note, log);
    return openCheckpoint(note, { origin, verifiers: noteVerifiers(log) }).checkpoint;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new Refusal(
      'checkpoint-invalid',
      'checkpoint-signature',
      `The checkpoint is not one of the log ${log.origin}: ${error.message}.`,
      TAKE_AGAIN,
      { code: error.code, checkpoint: envelope.slice(0, 1000) },
    );
  }
}

/** Rekor v1 names its trees `<host> - <tree id>`: each shard has its own, and all share host and key. */
function originOfV1(note: Uint8Array, log: LogKey): string {
  const { origin } = parseCheckpoint(parseNote(note).text);
  const isOwn = log.names.some(
    (name) => origin.startsWith(`${name} - `) && /^\d{1,20}$/.test(origin.slice(name.length + 3)),
  );
  if (isOwn) return origin;
  throw new TlogError(
    'wrong-origin',
    `its origin is ${JSON.stringify(origin.slice(0, 120))}, not "${log.origin} - <tree id>"`,
  );
}

/** What the bundle repeats beside the signed checkpoint proves nothing; where it differs, the bundle was altered. */
function refuseContradictions(
  entry: BundleLogEntry,
  proof: BundleInclusionProof,
  checkpoint: Checkpoint,
  log: LogKey,
): void {
  if (log.api === 'rekor-v2' && entry.index !== proof.index) {
    throw new Refusal(
      'log-index-mismatch',
      'inclusion',
      `The bundle says its log index is ${entry.index}, but its proof is for index ${proof.index}: only the latter is authenticated.`,
      TAKE_AGAIN,
      { claimed: String(entry.index), proved: String(proof.index) },
    );
  }
  if (proof.treeSize !== checkpoint.size || !proof.root.equals(checkpoint.root)) {
    throw new Refusal(
      'proof-not-of-checkpoint',
      'inclusion',
      'The tree size or root hash beside the inclusion proof is not that of the signed checkpoint.',
      TAKE_AGAIN,
      {
        'size claimed': String(proof.treeSize),
        'size signed': String(checkpoint.size),
        'root claimed': proof.root.toString('hex'),
        'root signed': Buffer.from(checkpoint.root).toString('hex'),
      },
    );
  }
}

function proveInclusion(entry: BundleLogEntry, proof: BundleInclusionProof, { size, root }: Checkpoint): void {
  try {
    const leafHash = Buffer.from(entry.leafHash, 'hex');
    verifyInclusion({ index: proof.index, size, leafHash, proof: proof.hashes, root });
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new Refusal(
      'inclusion-invalid',
      'inclusion',
      `The proof does not lead from the entry to the root that the log signed: ${error.message}.`,
      TAKE_AGAIN,
      { code: error.code, 'log index': String(proof.index), 'leaf hash': entry.leafHash },
    );
  }
}
