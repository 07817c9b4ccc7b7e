import { hash } from 'node:crypto';
import { NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { Standards } from '#lib/services/standards.ts';
import { NO_OPERATOR_TRUST, type OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';

/** Standards of a trusted_root.json, by default with no keys and no expectations besides. */
export function standardsOf(
  trustedRoot: Uint8Array,
  besides: { readonly operator?: OperatorTrust; readonly policies?: SignerPolicies } = {},
): Standards {
  return {
    root: parseTrustedRoot(trustedRoot),
    operator: NO_OPERATOR_TRUST,
    policies: NO_POLICIES,
    id: hash('sha256', trustedRoot).slice(0, 16),
    ...besides,
  };
}
