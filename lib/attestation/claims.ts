import type { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';

const SIGNER_KEYS = ['signer_identity', 'signerIdentity', 'signer', 'signed_by', 'signedBy', 'identity'] as const;
const TIME_KEYS = ['timestamp', 'signing_time', 'signingTime', 'signed_at', 'signedAt'] as const;
const CLAIM_KEYS: ReadonlySet<string> = new Set([...SIGNER_KEYS, ...TIME_KEYS]);
/** Members of an identity that is an object: what a certificate would call its subject alternative name. */
const IDENTITY_KEYS = ['san', 'subject', 'email', 'uri', 'id', 'name'] as const;
/** SLSA: a field of an extension starts with its vendor and an underscore, `models.example_gpuExclusive`. */
const EXTENSION = /^[A-Za-z0-9.-]{1,64}_[A-Za-z]\w{0,127}$/;

/**
 * Takes up what a payload says of who signed it and when: only to be compared with the certificate and the log, which
 * are believed instead. Where several places say so, the first counts.
 */
export function readClaims(facts: FactsBuilder, ...places: readonly JsonPlace[]): void {
  for (const place of places) {
    facts.facts.claimedSigner ??= claimedSigner(facts, place.either(...SIGNER_KEYS));
    facts.facts.claimedTime ??= facts.stated(place.either(...TIME_KEYS));
  }
}

/** Keeps fields of extensions as environment: what a builder asserts about isolation stands there. */
export function readExtensions(facts: FactsBuilder, ...places: readonly JsonPlace[]): void {
  for (const place of places) {
    for (const [key, member] of place.members()) {
      if (EXTENSION.test(key) && !CLAIM_KEYS.has(key)) facts.flatten('environment', member, key);
    }
  }
}

function claimedSigner(facts: FactsBuilder, place: JsonPlace) {
  if (!place.isObject) return facts.stated(place);
  const inside = place.either(...IDENTITY_KEYS);
  return inside.exists ? facts.stated(inside) : null;
}
