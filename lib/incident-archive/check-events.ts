import { stableId } from '#lib/ids.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { type LogKey, noteVerifiers } from '#lib/sigstore/log-key.ts';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import type { ArchiveTrust } from './archive-trust.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedEvent, ArchivedProof } from './documents.ts';
import { type EntrySigner, readEntrySigner } from './entry-signer.ts';
import { eventPath } from './layout.ts';
import type { ReadDocuments } from './open-archive.ts';
import type { ZipArchive } from './zip-reader.ts';

/** An entry that a signed tree has, with what its bytes say. */
export interface ProvenEvent extends Omit<EntrySigner, 'doubt'> {
  readonly places: readonly { readonly origin: string; readonly index: number }[];
}

/** Proves every entry to be in a tree that its log signed, and that it says of its signer what the archive says. */
export function checkEvents(
  zip: ZipArchive,
  { events, proofs }: ReadDocuments,
  trust: ArchiveTrust,
): { check: ArchiveCheck; proven: ReadonlyMap<string, ProvenEvent> } {
  const findings = new Findings();
  const proven = new Map<string, ProvenEvent>();
  for (const event of events) {
    const proof = proofs.get(event.id);
    if (!proof) {
      findings.open.push(`${event.id}: its entry or its proof was not kept, so that only bundles can show it.`);
      continue;
    }
    findings.attempt(event.id, () => {
      const entry = zip.read(eventPath(event.id, 'entry.bin'));
      proveEntry(event, proof, entry, zip.read(eventPath(event.id, 'checkpoint')), trust);
      const { doubt, ...signer } = readEntrySigner(event, entry, trust.roots);
      if (doubt !== null) findings.open.push(`${event.id}: ${doubt}`);
      proven.set(event.id, { ...signer, places: [{ origin: proof.origin, index: proof.logIndex }] });
    });
  }
  const holds = `${formatPlural(proven.size, 'entry', 'entries')} proved to be in ${proven.size === 1 ? 'a tree' : 'trees'} that the logs signed.`;
  return { check: findings.check('events', holds), proven };
}

function proveEntry(
  { id, log }: ArchivedEvent,
  { event, origin, logIndex: index, treeSize, leafHash: claimed, hashes }: ArchivedProof,
  entry: Buffer,
  note: Buffer,
  { roots, logs }: ArchiveTrust,
): void {
  if (event !== id || log?.origin !== origin || log.index !== index || id !== stableId('event', origin, index)) {
    throw new ArchiveError('Its proof is of another event or place');
  }
  const known = [...roots.flatMap((root) => root.logs), ...logs].filter((one) => isOriginOf(one, origin));
  if (known.length === 0) throw new ArchiveError(`Its log ${origin} is none of the trust root`);
  const { checkpoint } = openCheckpoint(note, { origin, verifiers: known.flatMap(noteVerifiers) });
  const leafHash = hashLeaf(entry, nodeSha256);
  if (toHex(leafHash) !== claimed) throw new ArchiveError('Its entry is not the leaf that the proof is of');
  if (checkpoint.size !== treeSize) throw new ArchiveError('Its proof is of another tree than the checkpoint');
  verifyInclusion(
    { index, size: treeSize, leafHash, proof: hashes.map(decodeBase64), root: checkpoint.root },
    nodeSha256,
  );
}

/** Rekor v1 names its trees `<host> - <tree id>`. */
function isOriginOf({ api, origin, names }: LogKey, given: string): boolean {
  if (api === 'rekor-v2') return origin === given;
  return names.some((name) => given.startsWith(`${name} - `) && /^\d{1,20}$/.test(given.slice(name.length + 3)));
}
