import type { KeyObject } from 'node:crypto';
import type { Check } from '#lib/provenance/check.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { SanType } from '#lib/watch/general-name.ts';
import type { ParsedBundle } from './bundle.ts';
import { type ArtifactToMatch, verifyContent } from './content.ts';
import { verifyEntryAgrees } from './entry-agreement.ts';
import { libraryVerdict } from './library-verdict.ts';
import { verifyInclusionInLog } from './log-inclusion.ts';
import { passed, Refusal, type RefusalCode } from './refusal.ts';
import { establishSigner, type SigningKey } from './signer.ts';
import { proveTimes, type TimeSource } from './signing-time.ts';
import type { TrustedRoot } from './trusted-root.ts';

export interface VerifyOptions extends ArtifactToMatch {
  /** Milliseconds since the epoch. Only for a remark on times that are still to come: no time of ours proves anything. */
  readonly now: number;
  /** For bundles of bare keys. */
  readonly key?: KeyObject;
}

/** Who signed, from the certificate: its first name, and the issuer that vouched for it. */
export interface BundleSigner {
  readonly type: SanType;
  /** As shown; compare `raw`. */
  readonly value: string;
  /** Lowercase hex of the name's bytes. */
  readonly raw: string;
  readonly issuer: string | null;
  readonly certificate: CertificateFacts;
}

export type BundleVerdict =
  | {
      readonly outcome: 'verified';
      /** Null for bundles of bare keys: the caller's key is the signer. */
      readonly signer: BundleSigner | null;
      /** Milliseconds since the epoch. */
      readonly signedAt: number;
      readonly signedAtSource: TimeSource;
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
 * Verifies a bundle as the Sigstore client specification says: when it was signed, by whom, that it is in the log, that
 * the log's entry is about it, and that the content is signed. Who may sign is the caller's to compare, on `raw`.
 * Never throws for what is in the bundle.
 */
export function verifyBundle(parsed: ParsedBundle, root: TrustedRoot, options: VerifyOptions): BundleVerdict {
  const checks: Check[] = [readable(parsed)];
  try {
    requireLogEntry(parsed);
    const times = proveTimes(parsed, root, checks);
    const signer = establishSigner(parsed, root, times, options.key, checks);
    const [{ at: signedAt, source: signedAtSource }] = times;
    for (const entry of parsed.logEntries) {
      verifyInclusionInLog(entry, parsed.version, root, signedAt, checks);
      verifyEntryAgrees(entry, parsed, signer, checks);
    }
    verifyContent(parsed, signer, options, checks);
    requireLibraryAgrees(parsed, root, signer, options);
    return {
      outcome: 'verified',
      signer: describeSigner(signer),
      signedAt,
      signedAtSource,
      checks: remark(checks, signedAt, options.now),
    };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undecidable(error);
    return { outcome: 'refused', code: refusal.code, reason: refusal.message, checks: [...checks, refusal.check] };
  }
}

function readable({ mediaType, content, sha256 }: ParsedBundle): Check {
  const signs = content === 'dsse' ? 'a payload' : 'the digest of a file';
  return passed('bundle', `The file is a Sigstore bundle that signs ${signs}.`, {
    'media type': mediaType,
    file: `sha256:${sha256}`,
  });
}

/** The same entry twice would count as two. */
function requireLogEntry({ logEntries }: ParsedBundle): void {
  if (new Set(logEntries.map(({ leafHash }) => leafHash)).size < logEntries.length) {
    throw new Refusal(
      'doubled-log-entry',
      'log-entry',
      'The bundle has the same log entry twice.',
      'Take it from the signer again.',
    );
  }
  if (logEntries.length > 0) return;
  throw new Refusal(
    'no-log-entry',
    'log-entry',
    'The bundle has no entry of a transparency log: it may be signed well, but nothing shows when, or that it was not in secret.',
    'Sign again with a transparency log.',
  );
}

function requireLibraryAgrees(
  parsed: ParsedBundle,
  root: TrustedRoot,
  signer: SigningKey,
  options: VerifyOptions,
): void {
  const refusal = libraryVerdict(parsed, root, signer, options.artifact);
  if (!refusal) return;
  throw new Refusal(
    'refused-by-library',
    'bundle',
    `@sigstore/verify refuses the bundle (${refusal.code}: ${refusal.message.slice(0, 300)}).`,
    'Verify it with another client, and report the difference.',
    refusal,
  );
}

function describeSigner({ facts }: SigningKey): BundleSigner | null {
  const [san] = facts?.sans ?? [];
  if (!facts || !san) return null;
  return { type: san.type, value: san.value, raw: san.raw, issuer: facts.issuer.value, certificate: facts };
}

/** A proven time after our own clock is either's mistake: worth saying, not worth refusing. */
function remark(checks: readonly Check[], signedAt: number, now: number): readonly Check[] {
  if (signedAt <= now) return checks;
  const ahead = `${Math.ceil((signedAt - now) / 1000)} s after the clock of this machine`;
  return checks.map((check) =>
    check.name === 'timestamp' ? { ...check, evidence: { ...check.evidence, 'in the future by': ahead } } : check,
  );
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
