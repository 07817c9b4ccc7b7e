import { loadConfig } from '#lib/config/load.ts';
import { recordConfigInForce, recordTrustInForce } from '#lib/services/config/record-state.ts';
import { loadTrust } from '#lib/sigstore/trust-source.ts';
import { openContext } from './context.ts';

/** Makes a database in which the jobs have put a configuration and a trust root in force. @param trust trusted_root.json. */
export async function startOnce(database: string, configFile: string, trust: string): Promise<void> {
  const ctx = openContext(database);
  const { config, path } = loadConfig(configFile);
  recordConfigInForce(ctx, path, config);
  recordTrustInForce(ctx, await loadTrust({ file: trust }, { now: ctx.now() }));
  ctx.database.close();
}
