import type { Check } from '#lib/provenance/check.ts';
import type { Chain } from './chain.ts';
import type { LeafCertificate } from './leaf-certificate.ts';
import { notMade, OTHER_TRUST_ROOT, passed, Refusal } from './refusal.ts';
import { readScts, type SctFact } from './sct.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { utc } from './validity.ts';

/**
 * Proves that the certificate was not issued in secret: each of its signed certificate timestamps must verify, and there
 * must be one wherever the trust root has a certificate log.
 *
 * @throws {Refusal}
 */
export function requireScts(leaf: LeafCertificate, chain: Chain, root: TrustedRoot, checks: Check[]): void {
  const [, issuer] = chain.path;
  let scts: SctFact[] | null;
  try {
    scts = issuer ? readScts(leaf, issuer, root.ctLogs) : [];
  } catch {
    scts = null;
  }
  if (scts === null) {
    throw new Refusal(
      'sct-invalid',
      'sct',
      "The certificate's list of signed certificate timestamps cannot be read.",
      'Sign again.',
    );
  }
  if (scts.length === 0) {
    if (root.ctLogs.length === 0) {
      checks.push(notMade('sct', 'The trust root has no certificate transparency log, and the certificate no SCT.'));
      return;
    }
    throw new Refusal(
      'sct-missing',
      'sct',
      'The certificate has no signed certificate timestamp, so it may have been issued in secret.',
      'Sign with a Fulcio that logs its certificates, or take the certificate logs out of a private trust root.',
    );
  }
  for (const { state, logId, log, at } of scts) {
    const evidence = { 'certificate log': log ?? logId, time: utc(at) };
    if (state === 'verified') {
      checks.push(passed('sct', `The certificate log ${log} saw the certificate at ${utc(at)}.`, evidence));
    } else if (state === 'unknown-log') {
      throw new Refusal(
        'sct-unknown-log',
        'sct',
        `The certificate has a timestamp of the certificate log ${logId}, which the trust root in force does not have.`,
        OTHER_TRUST_ROOT,
        evidence,
      );
    } else {
      const why =
        state === 'bad-signature' ? 'does not carry its signature' : 'is of a time when its key was not trusted';
      throw new Refusal(
        'sct-invalid',
        'sct',
        `The certificate's timestamp of the certificate log ${log} ${why}.`,
        'Sign again.',
        evidence,
      );
    }
  }
}
