import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import type { Config } from '#lib/config/schema.ts';
import { compilePolicies, NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';

let remembered: { readonly inForce: string; readonly policies: SignerPolicies } | null = null;

/** Who is expected to sign what, by the configuration in force; compiled anew only when that changes. */
export function policiesInForce({ db }: OpenDatabase): SignerPolicies {
  const inForce = db
    .select({ inForce: configState.inForce })
    .from(configState)
    .where(eq(configState.id, 1))
    .get()?.inForce;
  if (inForce === undefined) return NO_POLICIES;
  if (remembered?.inForce !== inForce) {
    const { models } = JSON.parse(inForce) as Partial<Pick<Config, 'models'>>;
    remembered = { inForce, policies: models ? compilePolicies(models) : NO_POLICIES };
  }
  return remembered.policies;
}
