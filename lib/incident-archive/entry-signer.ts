import { hash } from 'node:crypto';
import { type AliasName, digestAlias } from '#lib/provenance/input-name.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { type DecodedEntry, decodeEntry, decodeEntryBase64, type EntrySignature } from '#lib/rekor/entry.ts';
import { decodeEntryV1 } from '#lib/rekor-v1/entry-format.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';
import { type CertificateFacts, type ExtensionFact, readCertificate } from '#lib/watch/certificate.ts';
import { ArchiveError } from './checklist.ts';
import type { ArchivedEvent } from './documents.ts';

/** Who signed a proven entry, and over what, as its bytes say. */
export interface EntrySigner {
  /** What cannot be told of it; null where all of it could. */
  readonly doubt: string | null;
  readonly signers: readonly { readonly san: string; readonly issuer: string | null }[];
  /** SHA-256 of keys and certificates, lowercase hex. */
  readonly fingerprints: readonly string[];
  /** Of certificates that a trusted authority issued. */
  readonly extensions: readonly ExtensionFact[];
  readonly digests: readonly AliasName[];
}

const NOBODY = { signers: [], fingerprints: [], extensions: [], digests: [] };

/**
 * Reads in an entry who signed it, and compares that with what the archive says.
 *
 * @throws {ArchiveError} where it is somebody else.
 */
export function readEntrySigner(event: ArchivedEvent, entry: Buffer, roots: readonly TrustedRoot[]): EntrySigner {
  const decoded = event.log?.api === 'rekor-v1' ? decodeEntryV1(entry) : decodeEntry(entry);
  const { signer, publicKeySha256, authenticity } = event;
  if ('undecided' in decoded) {
    const isClaimed = signer !== null || publicKeySha256 !== null;
    const doubt = isClaimed ? 'its entry cannot be read here, so that its signer is the word of the archive.' : null;
    return { ...NOBODY, doubt };
  }
  if (event.kind !== null && event.kind !== decoded.kind)
    throw new ArchiveError(`Its entry is of the kind ${decoded.kind}, and not ${event.kind}`);
  if (publicKeySha256 !== null && !keysIn(decoded).includes(publicKeySha256))
    throw new ArchiveError(`Its entry does not have the key ${publicKeySha256}`);
  const found = signer === null ? [] : namedAs(decoded, signer);
  if (signer !== null && found.length === 0)
    throw new ArchiveError(`Its entry does not name ${describeSigner(signer)}`);
  const genuine = found.filter(
    ({ der, facts, signature }) =>
      roots.some((root) => judgeCertificate(der, root, { seenAt: event.firstSeenAt }).authenticity === 'verified') &&
      isSigned(decoded, signature, der.subarray(facts.spki.from, facts.spki.to)),
  );
  if (signer !== null && authenticity === 'verified' && genuine.length === 0)
    throw new ArchiveError(
      `It is not ${describeSigner(signer)} who signed it: the certificate or the signature does not hold`,
    );
  return {
    doubt: null,
    signers: signer !== null && genuine.length > 0 ? [signer] : [],
    fingerprints: [
      ...genuine.flatMap(({ der, facts }) => [sha256(der), sha256(der.subarray(facts.spki.from, facts.spki.to))]),
      ...(publicKeySha256 === null ? [] : [publicKeySha256]),
    ],
    extensions: genuine.flatMap(({ facts }) => facts.extensions),
    digests: decoded.digests.flatMap(({ algorithm, digest }) => {
      const hex = Buffer.from(digest, 'base64').toString('hex');
      return digestAlias('code', { algorithm, digest: hex }) ?? [];
    }),
  };
}

interface Named {
  readonly der: Buffer;
  readonly facts: CertificateFacts;
  readonly signature: EntrySignature;
}

function namedAs({ signatures }: DecodedEntry, { san, issuer }: NonNullable<ArchivedEvent['signer']>): Named[] {
  return signatures
    .flatMap((signature) => readNamed(signature))
    .filter(({ facts }) => facts.sans[0]?.value === san && (facts.issuer.value ?? null) === issuer);
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

/** The bare keys that signed an entry. */
function keysIn({ signatures }: DecodedEntry): string[] {
  return signatures.flatMap(({ form, verifier }) => {
    if (form !== 'public-key') return [];
    try {
      return [sha256(decodeEntryBase64(verifier))];
    } catch {
      return [];
    }
  });
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

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
