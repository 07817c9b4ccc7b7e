import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Check } from '#lib/provenance/check.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { ParsedBundle } from './bundle.ts';
import type { BundleMaterial } from './bundle-material.ts';
import { type Chain, findChains, isChainValidAt } from './chain.ts';
import {
  certificateEvidence,
  type LeafCertificate,
  readLeafCertificate,
  whyNotForSigning,
} from './leaf-certificate.ts';
import { OTHER_TRUST_ROOT, passed, Refusal } from './refusal.ts';
import { requireScts } from './require-scts.ts';
import type { ProvenTime, ProvenTimes } from './signing-time.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { utc } from './validity.ts';

/** Whose signature it must be: a key, and for a certificate what it says of the key's holder. */
export interface SigningKey {
  readonly key: KeyObject;
  readonly spkiDer: Buffer;
  /** DER of the certificate, or SPKI DER of a bare key: what the log entry must name. */
  readonly material: Buffer;
  readonly form: BundleMaterial['form'];
  readonly facts: CertificateFacts | null;
}

/**
 * Establishes the signing key: the caller's own for bundles of bare keys, else that of a certificate which chains to an
 * authority of the trust root at every proven time, is made for signing, and was seen by a certificate log.
 *
 * @throws {Refusal}
 */
export function establishSigner(
  parsed: ParsedBundle,
  root: TrustedRoot,
  times: ProvenTimes,
  key: KeyObject | undefined,
  checks: Check[],
): SigningKey {
  const { material } = parsed;
  if (material.form === 'public-key') return bareKey(key);
  if (key) {
    throw new Refusal(
      'key-not-applicable',
      'signature',
      'The bundle was signed with a certificate, and was to be verified with a key.',
      'Verify it by identity and issuer.',
    );
  }
  const leaf = readLeaf(material.certificate);
  material.intermediates.forEach(refuseRoot);
  const chain = verifyChain(leaf, root, times, checks);
  requireScts(leaf, chain, root, checks);
  const { publicKey } = leaf.x509;
  return {
    key: publicKey,
    spkiDer: publicKey.export({ type: 'spki', format: 'der' }),
    material: leaf.der,
    form: 'certificate',
    facts: leaf.facts,
  };
}

function bareKey(key: KeyObject | undefined): SigningKey {
  if (!key) {
    throw new Refusal(
      'key-needed',
      'signature',
      'The bundle was signed with a bare key, which it does not contain and no certificate vouches for.',
      'Verify it with the public key of the signer: name it under trust.keys, or give it with the bundle.',
    );
  }
  const spkiDer = createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' });
  return { key, spkiDer, material: spkiDer, form: 'public-key', facts: null };
}

function readLeaf(der: Buffer): LeafCertificate {
  const leaf = readLeafCertificate(der);
  if (!leaf) {
    throw new Refusal(
      'certificate-unreadable',
      'certificate-chain',
      "The bundle's certificate is not an X.509 certificate in DER.",
      'Take the bundle from the signer again.',
    );
  }
  if (leaf.facts.sans.length > 0) return leaf;
  throw new Refusal(
    'certificate-without-identity',
    'certificate-chain',
    'The certificate names nobody: it has no subject alternative name.',
    'Sign again with a certificate that names an identity.',
  );
}

/** A root in a bundle is an invitation to trust it: the bundle format (0.1, 0.2) forbids it. */
function refuseRoot(der: Buffer): void {
  let isRoot: boolean;
  try {
    const certificate = new X509Certificate(der);
    isRoot = certificate.checkIssued(certificate);
  } catch {
    isRoot = true;
  }
  if (!isRoot) return;
  throw new Refusal(
    'chain-with-root',
    'certificate-chain',
    'The bundle brings a root certificate along, or one that cannot be read: roots come from the trust root only.',
    'Sign again with a current client.',
  );
}

function verifyChain(leaf: LeafCertificate, root: TrustedRoot, times: ProvenTimes, checks: Check[]): Chain {
  const evidence = certificateEvidence(leaf);
  const chains = findChains(leaf.x509, root.certificateAuthorities);
  if (chains.length === 0) {
    throw new Refusal(
      'certificate-unknown-authority',
      'certificate-chain',
      'The certificate chains to no certificate authority of the trust root in force.',
      OTHER_TRUST_ROOT,
      evidence,
    );
  }
  const unfit = whyNotForSigning(leaf);
  if (unfit) {
    throw new Refusal(
      'certificate-not-for-signing',
      'certificate-chain',
      `The certificate is not made for signing artifacts: ${unfit}.`,
      'Sign with a code signing certificate.',
      evidence,
    );
  }
  const chain = chains.find((candidate) => times.every(({ at }) => isChainValidAt(candidate, at)));
  if (!chain) {
    const outside = times.find(({ at }) => !chains.some((candidate) => isChainValidAt(candidate, at))) ?? times[0];
    throw new Refusal(
      'certificate-outside-validity',
      'certificate-time',
      `The signature was made at ${utc(outside.at)}, when the certificate or the authority that issued it was not valid.`,
      'Sign again: a certificate signs only while it is valid.',
      { ...evidence, 'signed at': utc(outside.at) },
    );
  }
  const issuer = chain.authority.uri || leaf.facts.issuerName;
  checks.push(
    passed('certificate-chain', `The certificate was issued by ${issuer}, an authority of the trust root.`, evidence),
    passed('certificate-time', 'The certificate was valid when the signature was made.', {
      valid: evidence.valid,
      'signed at': times.map(describeTime).join(', '),
    }),
  );
  return chain;
}

function describeTime({ at, source }: ProvenTime): string {
  return `${utc(at)} (${source === 'integrated-time' ? 'log' : 'timestamp authority'})`;
}
