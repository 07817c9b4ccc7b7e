import { z } from 'zod';
import type { ExpectedSigner, ModelPolicy } from '#lib/provenance/signer-policy.ts';
import { nearest } from './nearest.ts';
import { refuse, uniqueBy } from './refusal.ts';
import { valueMatcher } from './value-schema.ts';

const MAX_POLICIES = 2000;
const MAX_SIGNERS = 100;

const label = z.string().min(1).max(100);

const expectedSigner = z
  .strictObject({
    identity: valueMatcher
      .describe("The certificate's name. Text means exact; or one of exact, glob, pattern.")
      .exactOptional(),
    issuer: valueMatcher
      .describe('The OpenID Connect issuer of that identity. Never leave it out lightly.')
      .exactOptional(),
    key: label.describe('The name of a key under trust.keys.').exactOptional(),
    authority: label.describe('The name of an authority under trust.authorities.').exactOptional(),
  })
  .superRefine((signer, context) => {
    const { identity, issuer, key, authority } = signer;
    if (identity === undefined && key === undefined && authority === undefined) {
      refuse(context, 'names nobody', 'Add identity with issuer, or key, or authority');
    }
    if (key !== undefined && (identity !== undefined || issuer !== undefined || authority !== undefined)) {
      refuse(context, 'is a key and something else', 'Write key alone: a key has no other name', ['key']);
    }
    if (authority !== undefined && issuer !== undefined) {
      refuse(context, 'has an issuer beside an authority', 'Leave issuer out: the authority is the issuer', ['issuer']);
    }
  })
  .transform((signer): ExpectedSigner => signer);

const signers = z.array(expectedSigner).max(MAX_SIGNERS);

const policy = z
  .strictObject({
    name: label.describe('What findings call this expectation.'),
    models: valueMatcher.describe(
      'The names of the models it is for, as their signatures give them. The first that matches holds.',
    ),
    signers: signers
      .min(1)
      .describe('Who may sign them. A signature by anybody else is a finding, and does not count in a chain.'),
    attesters: signers
      .describe('Who else may state provenance of them. What others state is shown as a claim.')
      .prefault([]),
    'require-provenance': z
      .boolean()
      .describe('Makes a version without provenance a finding, even where none before had any.')
      .prefault(false),
  })
  .transform(({ 'require-provenance': requireProvenance, ...rest }): ModelPolicy => ({ ...rest, requireProvenance }));

export const modelsSchema = uniqueBy(z.array(policy).max(MAX_POLICIES), 'name');

interface TrustNames {
  readonly keys: readonly { readonly name: string }[];
  readonly authorities: readonly { readonly name: string }[];
}

/** Refuses signers by a key or authority that `trust` does not have: nobody could ever be them. */
export function refuseUnknownTrust(
  context: z.core.$RefinementCtx,
  policies: readonly ModelPolicy[],
  trust: TrustNames,
): void {
  const known = { key: trust.keys.map(({ name }) => name), authority: trust.authorities.map(({ name }) => name) };
  const refuseUnknown = (signer: ExpectedSigner, what: keyof typeof known, path: readonly PropertyKey[]) => {
    const name = signer[what];
    if (name === undefined || known[what].includes(name)) return;
    const list = what === 'key' ? 'trust.keys' : 'trust.authorities';
    const near = nearest(name, known[what]);
    const mend = near === null ? `Add it to ${list}, with its file` : `Write ${near}, or add it to ${list}`;
    refuse(context, `"${name}" is not under ${list}`, mend, [...path, what]);
  };
  for (const [i, policy] of policies.entries()) {
    for (const list of ['signers', 'attesters'] as const) {
      for (const [j, signer] of policy[list].entries()) {
        refuseUnknown(signer, 'key', ['models', i, list, j]);
        refuseUnknown(signer, 'authority', ['models', i, list, j]);
      }
    }
  }
}
