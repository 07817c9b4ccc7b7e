import { hash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { trustRoots } from '#db/schema/source.ts';
import type { Config } from '#lib/config/schema.ts';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';
import type { Standards } from '#lib/services/standards.ts';
import { loadOperatorTrust, type OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot, type TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { VERSION } from '#lib/version.ts';

/** Raised when the same bytes are understood differently: everything stored is then looked at again. */
const READING = 1;

/** The standards of a configuration with the trust root that was loaded for it. */
export function makeStandards(
  config: Config,
  trust: { readonly root: TrustedRoot; readonly sha256: string },
  operator: OperatorTrust,
): Standards {
  const keys = operator.keys.map(({ name, fingerprint }) => [name, fingerprint]);
  const authorities = operator.authorities.map(({ name, certificates }) => [
    name,
    certificates.map(({ fingerprint256 }) => fingerprint256),
  ]);
  const all = JSON.stringify([VERSION, READING, trust.sha256, keys, authorities, config.models]);
  return {
    root: trust.root,
    operator,
    policies: compilePolicies(config.models),
    id: hash('sha256', all).slice(0, 16),
  };
}

/**
 * The standards that the jobs last put in force: what any other process judges by.
 *
 * @returns null where no jobs have run on this database yet.
 * @throws {TrustError} where a key or authority of the operator can no longer be read.
 */
export async function standardsInForce(database: OpenDatabase): Promise<Standards | null> {
  const state = database.db.select().from(configState).where(eq(configState.id, 1)).get();
  const root =
    state?.trustSha256 != null
      ? database.db.select().from(trustRoots).where(eq(trustRoots.sha256, state.trustSha256)).get()
      : undefined;
  if (!state || !root) return null;
  const config = JSON.parse(state.inForce) as Config;
  const trust = { root: parseTrustedRoot(root.json), sha256: root.sha256 };
  return makeStandards(config, trust, await loadOperatorTrust(config.trust));
}
