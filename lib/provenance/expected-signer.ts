import { type CompiledValue, compileValue } from '#lib/watch/value-matcher.ts';
import type { ExpectedSigner, ModelPolicy } from './signer-policy.ts';

/** Who signed, as a verified bundle is stored: names as shown, in which everything invisible is written out. */
export interface BundleSignerNames {
  readonly method: 'sigstore' | 'key' | 'certificate';
  /** SAN, name of the key, or subject of the certificate. */
  readonly san: string | null;
  /** OIDC issuer, or by what the operator trusts it (`authorityLabel`, `keyLabel`). */
  readonly issuer: string | null;
}

export interface SignerPolicies {
  /** The policy for a model's name; null where nobody in particular is expected. */
  policyFor(name: string): SignerPolicy | null;
}

export interface SignerPolicy {
  readonly name: string;
  readonly requireProvenance: boolean;
  isSigner(signer: BundleSignerNames): boolean;
  /** Whether its statements of provenance count: those of signers and of attesters do. */
  isAttester(signer: BundleSignerNames): boolean;
}

export const NO_POLICIES: SignerPolicies = { policyFor: () => null };

/** What stands as issuer of a signer whose certificate an authority of the operator issued. */
export function authorityLabel(name: string): string {
  return `trusted authority ${name}`;
}

/** Makes policies ready. @throws {PatternError} for a pattern that RE2 refuses. */
export function compilePolicies(policies: readonly ModelPolicy[]): SignerPolicies {
  const compiled = policies.map((policy) => ({ models: compileValue(policy.models), policy: compilePolicy(policy) }));
  return { policyFor: (name) => compiled.find(({ models }) => models.test(name))?.policy ?? null };
}

function compilePolicy(policy: ModelPolicy): SignerPolicy {
  const signers = policy.signers.map(compileSigner);
  const attesters = policy.attesters.map(compileSigner);
  const isSigner = (signer: BundleSignerNames) => signers.some((meets) => meets(signer));
  return {
    name: policy.name,
    requireProvenance: policy.requireProvenance,
    isSigner,
    isAttester: (signer) => isSigner(signer) || attesters.some((meets) => meets(signer)),
  };
}

/** An identity of a log's certificate is never met by a key or a private authority that calls itself the same. */
function compileSigner(expected: ExpectedSigner): (signer: BundleSignerNames) => boolean {
  const identity = expected.identity && compileValue(expected.identity);
  const issuer = expected.issuer && compileValue(expected.issuer);
  const meets = (matcher: CompiledValue | undefined, value: string | null) =>
    matcher === undefined || (value !== null && matcher.test(value));
  if (expected.key !== undefined) return ({ method, san }) => method === 'key' && san === expected.key;
  const { authority } = expected;
  if (authority !== undefined) {
    return ({ method, san, issuer: by }) =>
      method === 'certificate' && by === authorityLabel(authority) && meets(identity, san);
  }
  return ({ method, san, issuer: by }) => method === 'sigstore' && meets(identity, san) && meets(issuer, by);
}
