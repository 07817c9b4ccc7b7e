import type { ParsedBundle } from './bundle.ts';
import type { ArtifactToMatch } from './content.ts';
import type { OperatorTrust, TrustedKey } from './operator-trust.ts';
import { Refusal } from './refusal.ts';
import { findTrustedKey } from './trusted-key.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { type BundleVerdict, verifyBundle } from './verify-bundle.ts';
import { type UnloggedVerdict, verifyUnlogged } from './verify-unlogged.ts';

export interface AnyOptions extends ArtifactToMatch {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When we first held the bundle, in milliseconds since the epoch. */
  readonly seenAt: number;
}

export type AnyVerdict =
  /** `key`: the operator's, which a logged bundle of a bare key was verified with. */
  | (BundleVerdict & { readonly logged: true; readonly key: TrustedKey | null })
  | (UnloggedVerdict & { readonly logged: false });

/**
 * Verifies a bundle in the way that its material asks for. With a log entry, or with the single certificate that Sigstore
 * issues, it must be in a log (`verifyBundle`); a bare key or a chain of certificates without a log entry is "signed, not
 * logged" (`verifyUnlogged`). So a Sigstore bundle does not lose its log by having its entries cut off.
 */
export function verifyAnyBundle(
  parsed: ParsedBundle,
  root: TrustedRoot,
  operator: OperatorTrust,
  options: AnyOptions,
): AnyVerdict {
  const { material, logEntries } = parsed;
  const isSigstore = material.form === 'certificate' && !material.isChain;
  if (logEntries.length === 0 && !isSigstore) {
    return { logged: false, ...verifyUnlogged(parsed, operator, { ...options, root }) };
  }
  const key = material.form === 'public-key' ? trustedKey(parsed, material, operator, options) : null;
  if (key instanceof Refusal) {
    return { logged: true, key: null, outcome: 'refused', code: key.code, reason: key.message, checks: [key.check] };
  }
  return { logged: true, key, ...verifyBundle(parsed, root, { ...options, ...(key && { key: key.key }) }) };
}

function trustedKey(
  parsed: ParsedBundle,
  material: Parameters<typeof findTrustedKey>[1],
  operator: OperatorTrust,
  { artifact }: AnyOptions,
): TrustedKey | Refusal {
  try {
    return findTrustedKey(parsed, material, operator, artifact);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
