import type { Check } from '#lib/provenance/check.ts';
import { type Chain, findChains, isCertificateValidAt, isChainValidAt } from './chain.ts';
import {
  certificateEvidence,
  type LeafCertificate,
  readLeafCertificate,
  whyNotForSigning,
} from './leaf-certificate.ts';
import { notMade, passed } from './refusal.ts';
import { readScts, type SctFact } from './sct.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { describeValidity, utc } from './validity.ts';

/** What a certificate in a log entry proves of its signer, without a bundle. */
export interface CertificateJudgement {
  /**
   * `verified`: an authority of the trust root issued it, at the time given. `impersonation`: none did, so that anybody
   * may have made it. `unverifiable`: it cannot be decided.
   */
  readonly authenticity: 'verified' | 'impersonation' | 'unverifiable';
  /** One sentence for people. */
  readonly reason: string;
  /** Milliseconds since the epoch; null where nothing is proved. Of the certificate: the signature came soon after. */
  readonly signedAt: number | null;
  readonly source: 'sct' | 'certificate' | null;
  readonly checks: readonly Check[];
}

/**
 * Judges the certificate of a log entry. An entry of Rekor v2 has no time of its own, and a signing certificate lives
 * for minutes: the time is that at which a certificate log saw it, else the certificate's own word.
 *
 * @param options.seenAt when our tail first saw the entry, in milliseconds since the epoch.
 */
export function judgeCertificate(
  der: Uint8Array,
  root: TrustedRoot,
  options: { readonly seenAt: number },
): CertificateJudgement {
  const leaf = readLeafCertificate(der);
  return leaf
    ? judgeLeaf(leaf, root, options.seenAt)
    : undecided('The certificate cannot be read, so that its signer is not known.');
}

function judgeLeaf(leaf: LeafCertificate, root: TrustedRoot, seenAt: number): CertificateJudgement {
  const evidence = certificateEvidence(leaf);
  if (root.certificateAuthorities.length === 0) {
    return undecided('The trust root in force has no certificate authority to judge certificates by.');
  }
  const chains = findChains(leaf.x509, root.certificateAuthorities);
  const [first] = chains;
  if (!first) {
    const reason =
      'The certificate chains to no certificate authority of the trust root in force: anybody can have made it.';
    return judged('impersonation', reason, [failed('certificate-chain', reason, evidence)]);
  }
  const unfit = whyNotForSigning(leaf);
  if (unfit) {
    const reason = `The certificate is genuine, but not made for signing: ${unfit}.`;
    return judged('unverifiable', reason, [failed('certificate-chain', reason, evidence)]);
  }
  const scts = tryReadScts(leaf, first, root);
  const proof = scts?.find(({ state }) => state === 'verified');
  const at = proof?.at ?? leaf.x509.validFromDate.getTime();
  const chain = chains.find((candidate) => wasTrustedAt(candidate, at));
  if (!chain) {
    const reason = `The certificate is signed by ${first.authority.uri || leaf.facts.issuerName}, but of ${utc(at)}, when that authority was not trusted.`;
    return judged('impersonation', reason, [
      failed('certificate-chain', reason, { ...evidence, 'authority trusted': describeValidity(first.authority) }),
    ]);
  }
  const issued = passed(
    'certificate-chain',
    `The certificate was issued by ${chain.authority.uri || leaf.facts.issuerName}, an authority of the trust root.`,
    evidence,
  );
  const sct = sctCheck(scts, root);
  if (sct.outcome === 'failed') return judged('unverifiable', sct.statement, [issued, sct]);
  const time = timeCheck(leaf, proof ?? null, at, seenAt);
  return {
    authenticity: 'verified',
    reason: 'The certificate was issued by an authority of the trust root in force.',
    signedAt: at,
    source: proof ? 'sct' : 'certificate',
    checks: [issued, time, sct],
  };
}

/** The certificate itself runs out within minutes of its issue; what counts is that its issuers were good at that time. */
function wasTrustedAt(chain: Chain, at: number): boolean {
  const [, ...issuers] = chain.path;
  return isChainValidAt({ ...chain, path: issuers }, at);
}

function tryReadScts(leaf: LeafCertificate, chain: Chain, root: TrustedRoot): readonly SctFact[] | null {
  const [, issuer] = chain.path;
  try {
    return issuer ? readScts(leaf, issuer, root.ctLogs) : [];
  } catch {
    return null;
  }
}

function sctCheck(scts: readonly SctFact[] | null, root: TrustedRoot): Check {
  const proof = scts?.find(({ state }) => state === 'verified');
  if (proof) {
    return passed('sct', `The certificate log ${proof.log} saw the certificate at ${utc(proof.at)}.`, {
      'certificate log': proof.log ?? proof.logId,
      time: utc(proof.at),
    });
  }
  if (scts?.length === 0 && root.ctLogs.length === 0) {
    return notMade('sct', 'The trust root has no certificate transparency log, and the certificate no SCT.');
  }
  if (scts === null)
    return failed('sct', "The certificate's list of signed certificate timestamps cannot be read.", {});
  const [sct] = scts;
  if (!sct)
    return failed('sct', 'No certificate log vouches for the certificate: it may have been issued in secret.', {});
  const why = {
    verified: '',
    'unknown-log': 'is of a certificate log that the trust root in force does not have.',
    'log-outside-validity': 'is of a time when the key of its certificate log was not trusted.',
    'bad-signature': "does not carry its certificate log's signature.",
  }[sct.state];
  return failed('sct', `The certificate's signed certificate timestamp ${why}`, {
    'certificate log': sct.log ?? sct.logId,
    time: utc(sct.at),
  });
}

function timeCheck(leaf: LeafCertificate, proof: SctFact | null, at: number, seenAt: number): Check {
  const evidence = { time: utc(at), 'first seen in the log': utc(seenAt) };
  if (!proof) {
    return notMade(
      'certificate-time',
      "The time is the certificate's own start of validity: its authority says so, nobody else.",
      evidence,
    );
  }
  return isCertificateValidAt(leaf.x509, at)
    ? passed('certificate-time', 'A certificate log saw the certificate while it was valid.', evidence)
    : notMade(
        'certificate-time',
        'The certificate log saw the certificate outside its validity: one of the clocks is off.',
        evidence,
      );
}

function failed(name: Check['name'], statement: string, evidence: Readonly<Record<string, string>>): Check {
  return { name, outcome: 'failed', statement, evidence };
}

function undecided(reason: string): CertificateJudgement {
  return judged('unverifiable', reason, [failed('certificate-chain', reason, {})]);
}

function judged(
  authenticity: CertificateJudgement['authenticity'],
  reason: string,
  checks: readonly Check[],
): CertificateJudgement {
  return { authenticity, reason, signedAt: null, source: null, checks };
}
