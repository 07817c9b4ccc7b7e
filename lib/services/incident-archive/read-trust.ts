import { createPublicKey } from 'node:crypto';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { logs } from '#db/schema/log.ts';
import { trustRoots } from '#db/schema/source.ts';
import type { Config } from '#lib/config/schema.ts';
import type { ArchivedBundle, ArchivedEvent, ArchivedTrust } from '#lib/incident-archive/documents.ts';
import { FILE, keyPath } from '#lib/incident-archive/layout.ts';
import { authorityLabel } from '#lib/provenance/expected-signer.ts';
import { loadOperatorTrust, NO_OPERATOR_TRUST, type OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';

/** Trust roots that were in force before, at the most. */
const MAX_EARLIER = 20;

export interface ReadTrust {
  readonly trust: ArchivedTrust;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The keys and authorities of the operator as the configuration in force names them; what is wrong where one is unreadable. */
export async function operatorTrustInForce(db: Db): Promise<{ operator: OperatorTrust; problem: string | null }> {
  const state = db.select({ inForce: configState.inForce }).from(configState).where(eq(configState.id, 1)).get();
  if (!state) return { operator: NO_OPERATOR_TRUST, problem: null };
  try {
    // One that was put in force before keys could be trusted says nothing of them.
    const { trust } = JSON.parse(state.inForce) as Partial<Pick<Config, 'trust'>>;
    return { operator: trust ? await loadOperatorTrust(trust) : NO_OPERATOR_TRUST, problem: null };
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { operator: NO_OPERATOR_TRUST, problem: error.message };
  }
}

/** All that the archive's bundles and events are verified with. */
export function readTrust(
  db: Db,
  operator: Awaited<ReturnType<typeof operatorTrustInForce>>,
  { bundles, events }: { readonly bundles: readonly ArchivedBundle[]; readonly events: readonly ArchivedEvent[] },
): ReadTrust {
  const files = new Map<string, Uint8Array>();
  const roots = readRoots(db, files);
  const own = bundles.filter(({ method }) => method !== 'sigstore');
  const keys = operator.operator.keys
    .filter(({ fingerprint }) => own.some(({ method, keySha256 }) => method === 'key' && keySha256 === fingerprint))
    .map(({ name, key, fingerprint }) => {
      const file = keyPath(fingerprint);
      files.set(file, Buffer.from(key.export({ type: 'spki', format: 'pem' })));
      return { name, file };
    });
  const authorities = operator.operator.authorities
    .filter(({ name }) =>
      own.some(({ method, signer }) => method === 'certificate' && signer?.issuer === authorityLabel(name)),
    )
    .map(({ name, certificates }, i) => {
      const file = `trust/authorities/${i + 1}.pem`;
      files.set(file, Buffer.from(certificates.map(String).join('')));
      return { name, file };
    });
  const problem = own.length === 0 ? null : operator.problem;
  return { trust: { ...roots, keys, authorities, logs: readOwnLogs(db, events), problem }, files };
}

function readRoots(db: Db, files: Map<string, Uint8Array>): Pick<ArchivedTrust, 'root' | 'earlier'> {
  const state = db.select({ sha256: configState.trustSha256 }).from(configState).where(eq(configState.id, 1)).get();
  const rows = db.select().from(trustRoots).orderBy(desc(trustRoots.firstUsedAt), desc(trustRoots.sha256)).all();
  const current = rows.find(({ sha256 }) => sha256 === state?.sha256);
  if (current) files.set(FILE.trustedRoot, current.json);
  const earlier = rows.filter((row) => row !== current).slice(0, MAX_EARLIER);
  for (const { sha256, json } of earlier) files.set(`trust/earlier/${sha256}.json`, json);
  return {
    root: current ? { file: FILE.trustedRoot, sha256: current.sha256 } : null,
    earlier: earlier.map(({ sha256, firstUsedAt }) => ({ file: `trust/earlier/${sha256}.json`, sha256, firstUsedAt })),
  };
}

/** Logs whose key the operator gives, where an event of the archive is in one. */
function readOwnLogs(db: Db, events: readonly ArchivedEvent[]): ArchivedTrust['logs'] {
  const origins = [...new Set(events.flatMap(({ log }) => log?.origin ?? []))].sort();
  if (origins.length === 0) return [];
  return db
    .select()
    .from(logs)
    .where(and(eq(logs.source, 'configuration'), inArray(logs.origin, origins)))
    .orderBy(logs.origin)
    .all()
    .map(({ origin, api, logId, keyDetails, publicKey }) => {
      const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
      const der = key.export({ format: 'der', type: 'spki' });
      return { origin, api, logId, keyDetails, publicKey: der.toString('base64') };
    });
}
