import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import type { Logged } from '#lib/services/model/signing.ts';

interface Signed {
  readonly san: string | null;
  readonly issuer: string | null;
  readonly method: 'sigstore' | 'key' | 'certificate';
  /** Proved, else when we first had it. Milliseconds. */
  readonly at: number;
  readonly logged: Logged;
}

const RANK: Readonly<Record<Logged, number>> = { proved: 0, waiting: 1, 'not-logged': 2 };

/**
 * The signatures that outsiders are told of, the first to go by: those of expected signers, logged before unlogged, the
 * earliest first. Anybody can sign the same files later, and must not come to stand on the page by it: where nobody in
 * particular is expected, only those of whoever is first count. Where nobody who signed is expected, all.
 */
export function countingSignings<T extends Signed>(all: readonly T[], model: string, policies: SignerPolicies): T[] {
  const policy = policies.policyFor(model);
  const ordered = [...all].sort((a, b) => RANK[a.logged] - RANK[b.logged] || a.at - b.at);
  const [first] = ordered;
  if (!first) return [];
  const expected = ordered.filter((signing) => (policy === null ? isSame(signing, first) : policy.isSigner(signing)));
  return expected.length > 0 ? expected : ordered;
}

/**
 * Bundles of the statements about a version by those whose word on it counts; where nobody in particular is expected, by
 * whoever signed the files first.
 */
export function countingAttestations(
  { model, signings, attestations, evidence }: Pick<VersionDetail, 'model' | 'signings' | 'attestations' | 'evidence'>,
  policies: SignerPolicies,
): ReadonlySet<string> {
  const counting = new Set(
    (evidence?.attestations ?? []).filter(({ counts }) => counts).map(({ bundleId }) => bundleId),
  );
  const [first] = countingSignings(signings, model.name, policies);
  const isFree = policies.policyFor(model.name) === null && first !== undefined;
  const stated = attestations.filter((one) => counting.has(one.bundleId) && (!isFree || isSame(one, first)));
  return new Set(stated.map(({ bundleId }) => bundleId));
}

type Names = Pick<Signed, 'san' | 'issuer' | 'method'>;

function isSame(a: Names, b: Names): boolean {
  return a.san === b.san && a.issuer === b.issuer && a.method === b.method;
}
