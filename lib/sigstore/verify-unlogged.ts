import type { Check } from '#lib/provenance/check.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { ParsedBundle } from './bundle.ts';
import { type ArtifactToMatch, verifyContent } from './content.ts';
import type { OperatorTrust } from './operator-trust.ts';
import { notMade, passed, Refusal, type RefusalCode } from './refusal.ts';
import type { SigningKey } from './signer.ts';
import type { ProvenTime } from './signing-time.ts';
import { verifyTimestamp } from './timestamp.ts';
import { findTrustedKey } from './trusted-key.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { establishCertificateSigner } from './unlogged-signer.ts';
import { utc } from './validity.ts';

export interface UnloggedOptions extends ArtifactToMatch {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When we first held the bundle, in milliseconds since the epoch: a bound that we know ourselves. */
  readonly seenAt: number;
  /** For its timestamp authorities. */
  readonly root: TrustedRoot;
}

/** Who signed, as far as the operator's own trust says. */
export type UnloggedSigner =
  | {
      readonly method: 'key';
      /** The operator's name for the key. */
      readonly name: string;
      /** SHA-256 of the SPKI DER, lowercase hex. */
      readonly fingerprint: string;
      /** As the bundle has it; null where it has none. */
      readonly hint: string | null;
    }
  | {
      readonly method: 'certificate';
      /** The certificate's subject, as shown. */
      readonly subject: string;
      /** Its first alternative name, as shown; null where it has none. */
      readonly san: string | null;
      /** The operator's name for the authority. */
      readonly authority: string;
      readonly certificate: CertificateFacts;
    };

export type UnloggedVerdict =
  | {
      readonly outcome: 'verified';
      readonly method: UnloggedSigner['method'];
      readonly signer: UnloggedSigner;
      /** Milliseconds since the epoch; null where no timestamp authority of the trust root proves one. */
      readonly signedAt: number | null;
      readonly signedAtSource: 'timestamp-authority' | null;
      readonly checks: readonly Check[];
    }
  | {
      readonly outcome: 'refused';
      readonly code: RefusalCode;
      /** What was found, why it is refused, and what can be done. */
      readonly reason: string;
      readonly checks: readonly Check[];
    };

/**
 * Verifies a bundle that is in no transparency log, signed with a bare key or with a certificate of no Sigstore, against
 * what the operator trusts (OMS specification v1.0, sections 4.2 and 4.3). It can have been signed in secret and at any
 * time: every such verdict says so. Never throws for what is in the bundle.
 */
export function verifyUnlogged(
  parsed: ParsedBundle,
  operator: OperatorTrust,
  options: UnloggedOptions,
): UnloggedVerdict {
  const checks: Check[] = [];
  try {
    checks.push(readable(parsed));
    const proven = proveTimestamps(parsed, options.root, checks);
    checks.push(...unloggedChecks(proven, options.seenAt));
    const { signer, key } = establish(parsed, operator, { ...options, proven }, checks);
    const content: Check[] = [];
    verifyContent(parsed, key, options, content);
    checks.push(...content.map((check) => nameSigner(check, signer, proven.length > 0)));
    const [time] = proven;
    return {
      outcome: 'verified',
      method: signer.method,
      signer,
      signedAt: time?.at ?? null,
      signedAtSource: time ? 'timestamp-authority' : null,
      checks,
    };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undecidable(error);
    return { outcome: 'refused', code: refusal.code, reason: refusal.message, checks: [...checks, refusal.check] };
  }
}

/** Clients of older formats never wrote such bundles, and the reference client takes none of them. */
function readable({ mediaType, version, sha256, content }: ParsedBundle): Check {
  const evidence = { 'media type': mediaType, file: `sha256:${sha256}` };
  if (version !== '0.3') {
    throw new Refusal(
      'old-format',
      'bundle',
      `Bundles without a log entry are taken in format 0.3 only, not in ${version}.`,
      'Sign again with a current client.',
      evidence,
    );
  }
  const signs = content === 'dsse' ? 'a payload' : 'the digest of a file';
  return passed('bundle', `The file is a Sigstore bundle that signs ${signs}.`, evidence);
}

/** A timestamp of an authority unknown here proves nothing, and does no harm; a wrong one of a known authority does. */
function proveTimestamps(parsed: ParsedBundle, root: TrustedRoot, checks: Check[]): ProvenTime[] {
  return parsed.timestamps.flatMap((der, i) => {
    try {
      return [verifyTimestamp(der, i, parsed.signature, root, checks)];
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'timestamp-unknown-authority') throw error;
      checks.push(notMade('timestamp', `${error.check.statement} It proves no time.`, error.check.evidence));
      return [];
    }
  });
}

function unloggedChecks(proven: readonly ProvenTime[], seenAt: number): Check[] {
  const evidence = { 'first held': utc(seenAt) };
  if (proven.length > 0) {
    const statement = 'It is in no transparency log: nothing shows that it was not signed in secret.';
    return [notMade('log-entry', statement, evidence)];
  }
  return [
    notMade('timestamp', 'Nothing shows when it was signed: no timestamp authority of the trust root says.', evidence),
    notMade(
      'log-entry',
      'It is in no transparency log: nothing shows when it was signed, nor that it was not in secret.',
      evidence,
    ),
  ];
}

interface Established {
  readonly signer: UnloggedSigner;
  readonly key: SigningKey;
}

function establish(
  parsed: ParsedBundle,
  operator: OperatorTrust,
  options: UnloggedOptions & { readonly proven: readonly ProvenTime[] },
  checks: Check[],
): Established {
  const { material } = parsed;
  if (material.form === 'public-key') {
    const { name, key, spkiDer, fingerprint } = findTrustedKey(parsed, material, operator, options.artifact);
    const hint = material.hint === '' ? null : material.hint;
    return {
      signer: { method: 'key', name, fingerprint, hint },
      key: { key, spkiDer, material: spkiDer, form: 'public-key', facts: null },
    };
  }
  const { leaf, authority } = establishCertificateSigner(material, operator.authorities, options, checks);
  const { publicKey } = leaf.x509;
  const spkiDer = publicKey.export({ type: 'spki', format: 'der' });
  const { facts } = leaf;
  const subject = facts.subjectName;
  return {
    signer: {
      method: 'certificate',
      subject,
      san: facts.sans[0]?.value ?? null,
      authority: authority.name,
      certificate: facts,
    },
    key: { key: publicKey, spkiDer, material: leaf.der, form: 'certificate', facts },
  };
}

/** Said with the signature itself, so that nobody reads it as one that a log has seen. */
function nameSigner(check: Check, signer: UnloggedSigner, hasTime: boolean): Check {
  if (check.name !== 'signature') return check;
  const when = hasTime ? '' : ' Nothing shows when.';
  if (signer.method === 'key') {
    return {
      ...check,
      statement: `The content is signed with the key "${signer.name}", which is trusted here.${when}`,
      evidence: { ...check.evidence, key: `sha256:${signer.fingerprint}` },
    };
  }
  return { ...check, statement: `The content is signed with the key of the certificate.${when}` };
}

/** Hostile bytes can trip the parsers below in ways that nobody foresaw; what cannot be decided is not verified. */
function undecidable(error: unknown): Refusal {
  const why = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
  return new Refusal(
    'undecidable',
    'bundle',
    `The bundle cannot be decided: ${why}.`,
    'Take it from the signer again, and report it if it stays so.',
    { error: why },
  );
}
