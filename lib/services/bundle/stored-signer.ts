import { hash, X509Certificate } from 'node:crypto';
import type { bundles } from '#db/schema/bundle.ts';
import { authorityLabel } from '#lib/provenance/expected-signer.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import type { TrustedKey } from '#lib/sigstore/operator-trust.ts';
import type { AnyVerdict } from '#lib/sigstore/verify-any.ts';

type SignerColumns = Pick<
  typeof bundles.$inferInsert,
  'method' | 'sanType' | 'san' | 'issuer' | 'keySha256' | 'signedAt' | 'signedAtSource'
>;

const NOBODY: SignerColumns = {
  method: 'sigstore',
  sanType: null,
  san: null,
  issuer: null,
  keySha256: null,
  signedAt: null,
  signedAtSource: null,
};

/**
 * Who signed and when, as it is stored with a bundle. Keys and private authorities get an issuer that no identity
 * provider can have, so that none of them is ever taken for an identity of a log.
 */
export function storedSigner(verdict: AnyVerdict, parsed: ParsedBundle): SignerColumns {
  if (verdict.outcome !== 'verified') return NOBODY;
  const { signedAt, signedAtSource } = verdict;
  const time = { signedAt, signedAtSource: signedAtSource ?? ('first-seen' as const) };
  if (verdict.logged) {
    if (verdict.key) return { ...keyColumns(verdict.key), ...time };
    const { signer } = verdict;
    return {
      ...NOBODY,
      sanType: signer?.type ?? null,
      san: signer?.value ?? null,
      issuer: signer?.issuer ?? null,
      keySha256: certificateKey(parsed),
      ...time,
    };
  }
  const { signer } = verdict;
  if (signer.method === 'key') return { ...keyColumns(signer), ...time };
  return {
    method: 'certificate',
    sanType: 'certificate',
    san: signer.san ?? signer.subject,
    issuer: authorityLabel(signer.authority),
    keySha256: certificateKey(parsed),
    ...time,
  };
}

function keyColumns({ name, fingerprint }: Pick<TrustedKey, 'name' | 'fingerprint'>) {
  return {
    method: 'key' as const,
    sanType: 'public-key',
    san: name,
    issuer: `trusted key sha256:${fingerprint}`,
    keySha256: fingerprint,
  };
}

function certificateKey({ material }: ParsedBundle): string | null {
  if (material.form !== 'certificate') return null;
  const { publicKey } = new X509Certificate(material.certificate);
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }));
}
