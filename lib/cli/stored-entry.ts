import type { OpenDatabase } from '#db/client.ts';
import { getCheckpointNote, getEntryBytes, getInclusionProof } from '#lib/services/event/get-download.ts';
import { findEntry } from '#lib/services/lookup/find-entry.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { ecdsaP256Verifier, ed25519Verifier, formatVerifierKey, type LogVerifier } from '#lib/tlog/key.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { ed25519KeyFromSpki } from '#lib/tlog/spki.ts';
import { parseTlogProof, TlogProofError } from './tlog-proof.ts';

/** What is kept of an entry, and whether its proof holds now. */
export interface StoredEntry {
  readonly eventId: string;
  readonly origin: string;
  readonly index: number;
  readonly outcome: 'verified' | 'refused';
  /** Of a refusal: what does not hold, or is not kept. */
  readonly reason: string | null;
  /** C2SP vkey of the log, as this database has it; null where the key has no such form. */
  readonly key: string | null;
  readonly treeSize: number | null;
  readonly root: string | null;
  readonly leafHash: string | null;
  readonly entry: Uint8Array | null;
  /** C2SP tlog-proof, with the checkpoint. */
  readonly proof: string | null;
  readonly checkpoint: string | null;
}

/** Reads the entry at an index of a followed log, and verifies again that the log signed it in. Null where none is kept. */
export async function readStoredEntry(
  database: OpenDatabase,
  place: { readonly origin: string; readonly index: number },
): Promise<StoredEntry | null> {
  const found = await findEntry(database, place);
  if (!found) return null;
  const id = { id: found.eventId };
  const [entry, proof, checkpoint] = await Promise.all([
    getEntryBytes(database, id),
    getInclusionProof(database, id),
    getCheckpointNote(database, id),
  ]);
  const stored = { ...place, eventId: found.eventId, entry, proof, checkpoint };
  const unproved = { key: null, treeSize: null, root: null, leafHash: entry ? toHex(hashLeaf(entry)) : null };
  if (entry === null || proof === null) {
    const reason = 'The entry or its proof is not kept: nothing can be verified.';
    return { ...stored, ...unproved, outcome: 'refused', reason };
  }
  try {
    const verifier = verifierOf(place.origin, found.publicKey);
    const proved = { ...unproved, ...prove(entry, proof, place, verifier), key: formatVerifierKey(verifier) };
    return { ...stored, ...proved, outcome: 'verified', reason: null };
  } catch (error) {
    if (!(error instanceof TlogError || error instanceof TlogProofError)) throw error;
    return { ...stored, ...unproved, outcome: 'refused', reason: `${error.message.replace(/\.$/, '')}.` };
  }
}

function prove(
  entry: Uint8Array,
  text: string,
  { origin, index }: { readonly origin: string; readonly index: number },
  verifier: LogVerifier,
) {
  const proof = parseTlogProof(Buffer.from(text));
  if (proof.index !== index) throw new TlogProofError(`It is of entry ${proof.index}.`);
  const { checkpoint } = openCheckpoint(proof.checkpoint, { origin, verifiers: [verifier] });
  const { size, root } = checkpoint;
  verifyInclusion({ index, size, leafHash: hashLeaf(entry), proof: proof.hashes, root });
  return { treeSize: size, root: toHex(root) };
}

/** Logs of Rekor v2 sign with Ed25519 or ECDSA on P-256. @throws {TlogError} for another key. */
function verifierOf(origin: string, spki: Uint8Array): LogVerifier {
  const raw = ed25519KeyOf(spki);
  return raw ? ed25519Verifier(origin, raw) : ecdsaP256Verifier(origin, spki);
}

function ed25519KeyOf(spki: Uint8Array): Uint8Array | null {
  try {
    return ed25519KeyFromSpki(spki);
  } catch {
    return null;
  }
}
