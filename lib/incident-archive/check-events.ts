import { stableId } from '#lib/ids.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { type DecodedEntry, decodeEntry, decodeEntryBase64, type EntrySignature } from '#lib/rekor/entry.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { decodeEntryV1 } from '#lib/rekor-v1/entry-format.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { type LogKey, noteVerifiers } from '#lib/sigstore/log-key.ts';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { type CertificateFacts, readCertificate } from '#lib/watch/certificate.ts';
import type { ArchiveTrust } from './archive-trust.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedEvent, ArchivedProof } from './documents.ts';
import { eventPath } from './layout.ts';
import type { ReadDocuments } from './open-archive.ts';
import type { ZipArchive } from './zip-reader.ts';

/** Proves every entry to be in a tree that its log signed, and that it says of its signer what the archive says. */
export function checkEvents(
  zip: ZipArchive,
  { events, proofs }: ReadDocuments,
  trust: ArchiveTrust,
): { check: ArchiveCheck; proven: ReadonlySet<string> } {
  const findings = new Findings();
  const proven = new Set<string>();
  for (const event of events) {
    const proof = proofs.get(event.id);
    if (!proof) {
      findings.open.push(`${event.id}: its entry or its proof was not kept, so that only bundles can show it.`);
      continue;
    }
    findings.attempt(event.id, () => {
      const entry = zip.read(eventPath(event.id, 'entry.bin'));
      proveEntry(event, proof, entry, zip.read(eventPath(event.id, 'checkpoint')), trust);
      const doubt = checkSigner(event, entry, trust);
      if (doubt !== null) findings.open.push(`${event.id}: ${doubt}`);
      proven.add(event.id);
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

/** @returns what cannot be told of the signer; null where all of it could. @throws {ArchiveError} where it is another. */
function checkSigner(event: ArchivedEvent, entry: Buffer, { roots }: ArchiveTrust): string | null {
  const { signer, authenticity, firstSeenAt: seenAt } = event;
  if (signer === null) return null;
  const decoded = event.log?.api === 'rekor-v1' ? decodeEntryV1(entry) : decodeEntry(entry);
  if ('undecided' in decoded) return 'its entry cannot be read here, so that its signer is the word of the archive.';
  const named = decoded.signatures.flatMap((signature) => readNamed(signature));
  const found = named.filter(
    ({ facts }) => facts.sans[0]?.value === signer.san && (facts.issuer.value ?? null) === signer.issuer,
  );
  if (found.length === 0) throw new ArchiveError(`Its entry does not name ${describeSigner(signer)}`);
  if (authenticity !== 'verified') return null;
  const isGenuine = found.some(
    ({ der, facts, signature }) =>
      roots.some((root) => judgeCertificate(der, root, { seenAt }).authenticity === 'verified') &&
      isSigned(decoded, signature, der.subarray(facts.spki.from, facts.spki.to)),
  );
  if (!isGenuine)
    throw new ArchiveError(
      `It is not ${describeSigner(signer)} who signed it: the certificate or the signature does not hold`,
    );
  return null;
}

interface Named {
  readonly der: Buffer;
  readonly facts: CertificateFacts;
  readonly signature: EntrySignature;
}

function readNamed(signature: EntrySignature): Named[] {
  if (signature.form !== 'certificate') return [];
  try {
    const der = decodeEntryBase64(signature.verifier);
    return [{ der, facts: readCertificate(der), signature }];
  } catch {
    // One that cannot be read names nobody.
    return [];
  }
}

/** Of entries that hold a digest of what was signed; of others only the bundle can show the signature. */
function isSigned(
  { digest, digestOf }: DecodedEntry,
  { keyDetails, signature }: EntrySignature,
  spkiDer: Uint8Array,
): boolean {
  if (digestOf !== 'signed' || digest === null || signature === '') return true;
  const check = {
    spkiDer,
    keyDetails,
    digest: Buffer.from(digest, 'base64'),
    signature: Buffer.from(signature, 'base64'),
  };
  return verifyDigestSignature(check) !== false;
}
