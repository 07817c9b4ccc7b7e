import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';

/** By what signatures are judged: all that can change a verdict without anything new arriving. */
export interface Standards {
  readonly root: TrustedRoot;
  readonly operator: OperatorTrust;
  readonly policies: SignerPolicies;
  /** Digest over trust root, operator's keys, policies and the version of this software: other standards, other id. */
  readonly id: string;
}
