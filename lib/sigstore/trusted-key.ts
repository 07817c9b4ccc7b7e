import type { ParsedBundle } from './bundle.ts';
import type { BundleMaterial } from './bundle-material.ts';
import { verifyContentSignature } from './content-signature.ts';
import type { OperatorTrust, TrustedKey } from './operator-trust.ts';
import { Refusal } from './refusal.ts';

type KeyMaterial = Extract<BundleMaterial, { form: 'public-key' }>;

/**
 * The trusted key that made the bundle's signature: the one that the bundle names, by hint or by the key itself, else
 * whichever verifies. Of a named one the signature may still be bad.
 *
 * @param artifact needed for plain Ed25519 over a file only.
 * @throws {Refusal} where no trusted key is named or verifies, or another one signed than is named.
 */
export function findTrustedKey(
  parsed: ParsedBundle,
  material: KeyMaterial,
  { keys }: OperatorTrust,
  artifact?: Uint8Array,
): TrustedKey {
  const signer = keys.find(({ key }) => verifyContentSignature(parsed, key, artifact) === true);
  const named = keys.filter((key) => isNamed(key, material));
  if (signer && (named.includes(signer) || !namesOne(material))) return signer;
  const [first] = named;
  if (first && !signer) return first;
  if (signer) {
    throw new Refusal(
      'hint-mismatch',
      'signature',
      `The bundle names another key than "${signer.name}", which made its signature.`,
      'It was changed after it was signed. Take it from the signer again.',
      { ...evidenceOf(material), 'signed by': `sha256:${signer.fingerprint}` },
    );
  }
  const trusted = keys.length === 0 ? 'no keys' : keys.map(({ name }) => `"${name}"`).join(', ');
  throw new Refusal(
    'key-not-trusted',
    'signature',
    'The bundle is signed with a bare key that the configuration does not trust, so nothing shows who signed it.',
    "If you know the signer's key from elsewhere, name its file under trust.keys.",
    { ...evidenceOf(material), trusted: trusted.slice(0, 1000) },
  );
}

function namesOne({ hint, spkiDer }: KeyMaterial): boolean {
  return hint !== '' || spkiDer !== undefined;
}

/** Where a bundle has both, both must fit. */
function isNamed({ hints, spkiDer }: TrustedKey, material: KeyMaterial): boolean {
  if (material.spkiDer && !material.spkiDer.equals(spkiDer)) return false;
  return material.hint === '' ? material.spkiDer !== undefined : hints.includes(material.hint);
}

function evidenceOf({ hint }: KeyMaterial): Readonly<Record<string, string>> {
  return hint === '' ? {} : { 'key hint': hint.slice(0, 200) };
}
