import type { Check } from '#lib/provenance/check.ts';
import type { BundleMaterial } from './bundle-material.ts';
import { isCertificateValidAt } from './chain.ts';
import {
  certificateEvidence,
  type LeafCertificate,
  readLeafCertificate,
  whyNotForModelSigning,
} from './leaf-certificate.ts';
import { findOperatorChain, type OperatorChain, readIntermediates } from './operator-chain.ts';
import type { TrustedAuthority } from './operator-trust.ts';
import { passed, Refusal } from './refusal.ts';
import type { ProvenTime } from './signing-time.ts';
import { utc } from './validity.ts';

type CertificateMaterial = Extract<BundleMaterial, { form: 'certificate' }>;

export interface UnloggedTimes {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When we first held the bundle: the signature is no younger. */
  readonly seenAt: number;
  /** Proved by timestamps; often none. */
  readonly proven: readonly ProvenTime[];
}

export interface CertificateSigner {
  readonly leaf: LeafCertificate;
  readonly authority: TrustedAuthority;
}

/**
 * Establishes the signer of a bundle by certificate: it chains to an authority of the operator, is made for signing, and
 * was valid at every proven time, else when we first held the bundle. The certificate's own times prove nothing about
 * the signature: whoever has an old key can sign with it today.
 *
 * @throws {Refusal}
 */
export function establishCertificateSigner(
  { certificate, intermediates: ders }: Pick<CertificateMaterial, 'certificate' | 'intermediates'>,
  authorities: readonly TrustedAuthority[],
  times: UnloggedTimes,
  checks: Check[],
): CertificateSigner {
  const leaf = readLeafCertificate(certificate);
  const intermediates = readIntermediates(ders);
  if (!leaf || !intermediates) {
    throw new Refusal(
      'certificate-unreadable',
      'certificate-chain',
      'A certificate of the bundle is not an X.509 certificate in DER.',
      'Take the bundle from the signer again.',
    );
  }
  const evidence = { subject: leaf.facts.subjectName, ...certificateEvidence(leaf) };
  if (!findOperatorChain(leaf.x509, intermediates, authorities, [])) {
    const trusted = authorities.map(({ name }) => `"${name}"`).join(', ') || 'no authorities';
    throw new Refusal(
      'certificate-not-trusted',
      'certificate-chain',
      'The certificate chains to no authority that the configuration trusts, so anybody can have made it.',
      'If you know the authority from elsewhere, name the file of its root certificate under trust.authorities.',
      { ...evidence, trusted: trusted.slice(0, 1000) },
    );
  }
  const unfit = whyNotForModelSigning(leaf);
  if (unfit) {
    throw new Refusal(
      'certificate-not-for-signing',
      'certificate-chain',
      `The certificate is not made for signing models: ${unfit}.`,
      'Sign with a code signing certificate.',
      evidence,
    );
  }
  const chain = requireValid(leaf, intermediates, authorities, times, evidence);
  checks.push(
    passed(
      'certificate-chain',
      `The certificate was issued by "${chain.authority.name}", an authority that is trusted here.`,
      { ...evidence, certificates: String(chain.path.length) },
    ),
    timeCheck(leaf, times),
  );
  return { leaf, authority: chain.authority };
}

function requireValid(
  leaf: LeafCertificate,
  intermediates: NonNullable<ReturnType<typeof readIntermediates>>,
  authorities: readonly TrustedAuthority[],
  { proven, seenAt }: UnloggedTimes,
  evidence: Readonly<Record<string, string>>,
): OperatorChain {
  const times = proven.length > 0 ? proven.map(({ at }) => at) : [seenAt];
  const chain = findOperatorChain(leaf.x509, intermediates, authorities, times);
  if (chain) return chain;
  const when = times.map(utc).join(', ');
  throw new Refusal(
    'certificate-outside-validity',
    'certificate-time',
    proven.length > 0
      ? `The signature is proved to be of ${when}, when the certificate or one that it rests on was not valid.`
      : `The bundle was first held here at ${when}, when the certificate or one that it rests on was not valid, and nothing shows that it was signed before.`,
    'Sign again with a valid certificate, and with a timestamp, so that it stays good when the certificate runs out.',
    evidence,
  );
}

function timeCheck(leaf: LeafCertificate, { now, seenAt, proven }: UnloggedTimes): Check {
  const validity = { valid: certificateEvidence(leaf).valid };
  const since = isCertificateValidAt(leaf.x509, now) ? '' : ' It is not valid any more.';
  if (proven.length > 0) {
    return passed('certificate-time', `The certificate was valid at the proven time of the signature.${since}`, {
      ...validity,
      'signed at': proven.map(({ at }) => utc(at)).join(', '),
    });
  }
  return passed(
    'certificate-time',
    `The certificate was valid when the bundle was first held here. When it was signed, nothing shows.${since}`,
    { ...validity, 'first held': utc(seenAt) },
  );
}
