import type { LoadedConfig } from '#lib/config/load.ts';
import { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { scanDirectory } from '#lib/services/bundle/scan-directory.ts';
import { recordConfigInForce, recordTrustInForce } from '#lib/services/config/record-state.ts';
import { trustSourceOf } from '#lib/services/config/trust-source.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { backUp } from '#lib/services/database/back-up.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { type FollowedShard, shardsToFollow } from '#lib/services/log/shards.ts';
import { syncLogs } from '#lib/services/log/sync.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { type LoadedTrust, loadTrust } from '#lib/sigstore/trust-source.ts';
import { VERSION } from '#lib/version.ts';
import { compileRules } from '#lib/watch/rule.ts';
import type { Job } from './scheduler.ts';

/** A directory is looked through so often even if nothing told of a change. */
const SCAN_EVERY = 60_000;
const TRUST_EVERY = 3_600_000;
const NIGHTLY = '17 3 * * *';

/** What the jobs work with: one configuration and the trust root it names, both proved usable together. */
export interface Engine {
  readonly trust: LoadedTrust;
  readonly jobs: readonly Job[];
  close(): Promise<void>;
}

export interface EngineEvents {
  /** The trust root on the network changed: a new engine is to be made with it. */
  onTrustChanged(): void;
}

/**
 * Makes the jobs of a configuration. Everything that can be wrong with it is found before anything is stored.
 *
 * @throws where the trust root, a log or a rule cannot be used; what was in force stays.
 */
export async function createEngine(ctx: ServiceContext, loaded: LoadedConfig, events: EngineEvents): Promise<Engine> {
  const { config } = loaded;
  const trust = await loadTrust(trustSourceOf(config), { now: ctx.now() });
  const shards = shardsToFollow(config.logs, trust.root);
  const matcher = compileRules(config.watch);
  syncLogs(ctx, shards);
  recordConfigInForce(ctx, loaded.path, config);
  recordTrustInForce(ctx, trust);
  if (trust.problem) ctx.log.warn(trust.problem);
  for (const rule of matcher.unsearchable) {
    ctx.log.warn(
      { rule },
      'the rule has no plain text of six bytes: it cannot be looked for in entries that cannot be read',
    );
  }

  const userAgent = `Modeltrail/${VERSION} (+${config.organisation.contact})`;
  const pool = new BundlePool();
  // A reader for each log: one that is slow to answer takes no other's connections.
  const followed = shards.map((shard) => ({
    shard,
    http: new HttpReader({ userAgent, connections: config.logs.parallel }),
  }));

  const tailJob = ({ shard, http }: { shard: FollowedShard; http: HttpReader }): Job => ({
    name: `tail ${shard.origin}`,
    every: config.logs.poll,
    async run(signal) {
      const result = await followLog(ctx, findLog(ctx.database.db, shard.origin).id, {
        source: rekorTileSource(http, shard.readUrl),
        verifiers: shard.verifiers,
        rules: config.watch,
        matcher,
        pool,
        judge: (certificate, seenAt) => judgeCertificate(certificate, trust.root, { seenAt }),
        start: shard.start,
        parallel: config.logs.parallel,
        signal,
      });
      return result.retryAfter;
    },
  });

  const again = new Set(config.sources.map(({ name }) => name));
  const scanJob = (source: { readonly name: string; readonly directory: string }): Job => ({
    name: `scan ${source.name}`,
    every: SCAN_EVERY,
    async run(signal) {
      // The first scan under a trust root takes another look at what was refused under the one before.
      const result = await scanDirectory(ctx, source, trust.root, { again: again.has(source.name), signal });
      again.delete(source.name);
      if (result.read > 0) ctx.log.info({ source: source.name, ...result }, 'directory scanned');
      return undefined;
    },
  });

  const trustJob: Job = {
    name: 'refresh trust root',
    every: TRUST_EVERY,
    async run() {
      const fresh = await loadTrust(trustSourceOf(config), { now: ctx.now() });
      if (fresh.problem) ctx.log.warn(fresh.problem);
      if (fresh.sha256 !== trust.sha256) events.onTrustChanged();
      else recordTrustInForce(ctx, fresh);
      return undefined;
    },
  };

  const backUpJob: Job = {
    name: 'back up',
    every: NIGHTLY,
    async run() {
      ctx.log.info({ path: await backUp(ctx) }, 'database backed up');
      return undefined;
    },
  };

  return {
    trust,
    jobs: [...followed.map(tailJob), ...config.sources.map(scanJob), trustJob, backUpJob],
    close: async () => {
      await Promise.all([pool.close(), ...followed.map(({ http }) => http.close())]);
    },
  };
}
