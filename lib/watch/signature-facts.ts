/** What any log's entry says of one signature: the certificate or the bare key that it names. */
export interface SignatureFacts {
  readonly form: 'certificate' | 'public-key';
  /** DER of the certificate, or of the key's SubjectPublicKeyInfo; null where the entry's encoding of it is broken. */
  readonly der: Uint8Array | null;
}

/** What any log's entry, CT entry or bundle says that rules are held against. */
export interface EntryFacts {
  /** Lowercase hex of every digest that it names: of the artifact, the payload, the envelope, what was signed. */
  readonly digests: readonly string[];
  readonly signatures: readonly SignatureFacts[];
}
