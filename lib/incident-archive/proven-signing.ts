import { hash } from 'node:crypto';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { type ExtensionFact, readCertificate } from '#lib/watch/certificate.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import type { ProvenEvent } from './check-events.ts';
import type { ArchivedEvent } from './documents.ts';

/** Who signed, when and where it stands in a log, as the bytes of an archive show it. */
export interface ProvenSigning {
  readonly signers: readonly { readonly san: string; readonly issuer: string | null }[];
  /** SHA-256 of keys and certificates, lowercase hex. */
  readonly fingerprints: readonly string[];
  /** Milliseconds since the epoch, as timestamp, log or certificate prove it; null where nothing does. */
  readonly signedAt: number | null;
  /** What Fulcio wrote into the certificate. */
  readonly extensions: readonly ExtensionFact[];
  /** What the statement says; null for what is no statement, and for model signatures. */
  readonly facts: AttestationFacts | null;
  readonly places: readonly { readonly origin: string; readonly index: number }[];
  /** Set where a log has it and the archive cannot show where. */
  readonly unprovenPlace: string | null;
  /** What signed digests it covers, where only an entry shows it. */
  readonly digests: readonly AliasName[];
}

/** What a verified bundle shows, with its entry where that is proven. */
export function signingOfBundle(
  { listed, parsed, facts }: VerifiedBundle,
  event: ArchivedEvent | undefined,
  proven: ProvenEvent | undefined,
): ProvenSigning {
  const { material } = parsed;
  const own = material.form === 'certificate' ? readOwn(material.certificate) : null;
  // The name that the operator gives a key is verified with the key.
  const bare = own === null && listed.keySha256 !== null ? [listed.keySha256] : [];
  return {
    signers: [...(listed.signer ? [listed.signer] : []), ...(proven?.signers ?? [])],
    fingerprints: [...bare, ...(own?.fingerprints ?? []), ...(proven?.fingerprints ?? [])],
    signedAt: listed.signedAtSource === 'first-seen' ? null : listed.signedAt,
    extensions: [...(own && listed.method === 'sigstore' ? own.extensions : []), ...(proven?.extensions ?? [])],
    facts,
    places: proven?.places ?? [],
    unprovenPlace: event?.log && !proven ? `the entry or the proof of ${event.id} was not kept` : null,
    digests: [],
  };
}

/** What a proven entry alone shows. */
export function signingOfEvent(proven: ProvenEvent): ProvenSigning {
  return { ...proven, signedAt: null, facts: null, unprovenPlace: null };
}

function readOwn(der: Buffer): { fingerprints: string[]; extensions: readonly ExtensionFact[] } | null {
  try {
    const { spki, extensions } = readCertificate(der);
    return { fingerprints: [hash('sha256', der), hash('sha256', der.subarray(spki.from, spki.to))], extensions };
  } catch {
    return null;
  }
}
