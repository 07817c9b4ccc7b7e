import type { Config } from '#lib/config/schema.ts';
import { mirrorFolder } from '#lib/mirror/layout.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type FollowOptions, followLog } from '#lib/services/log/follow.ts';
import type { Vantage } from '#lib/services/log/look-elsewhere.ts';
import { findLog } from '#lib/services/log/position.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import type { FollowedShard } from '#lib/services/log/shards.ts';
import { startOf } from '#lib/services/log/start-of.ts';
import { witnessVantages } from '#lib/services/log/witness-vantage.ts';
import { mirrorReader } from '#lib/services/mirror/mirror-reader.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { LogPolicy } from '#lib/tlog/policy.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { backfillJob, type ReadLog } from './backfill-job.ts';
import { elsewhereJob } from './elsewhere-job.ts';
import { mirrorJob } from './mirror-job.ts';
import type { Job } from './scheduler.ts';

/** What every tail works with. */
export interface TailTools {
  readonly ctx: ServiceContext;
  readonly config: Config;
  readonly root: TrustedRoot;
  readonly policies: SignerPolicies;
  readonly matcher: Matcher;
  readonly pool: BundlePool;
  /** Whose cosignatures count. */
  readonly policy: LogPolicy | undefined;
}

/** The jobs of one Rekor v2 log: its tail, what is searched of its past, and what it shows elsewhere. */
export function shardJobs(tools: TailTools, shard: FollowedShard, http: HttpReader): Job[] {
  const { ctx, config, root, policies, matcher, pool } = tools;
  const { origin, verifiers, start: given, history, keyValidUntil } = shard;
  const readerAt = (url: string) => tileLogReader({ origin, verifiers, source: rekorTileSource(http, url) });
  const log: ReadLog = {
    ...rekorTail(ctx, {
      reader: readerAt(shard.readUrl),
      format: REKOR_V2,
      rules: config.watch,
      matcher,
      judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
      policies,
    }),
    origin,
    history,
    pool,
    parallel: config.logs.parallel,
  };
  const second = shard.vantages.map((url): Vantage => {
    const elsewhere = readerAt(url);
    return { kind: 'vantage', name: url, head: (signal) => elsewhere.head(signal) };
  });
  const vantages = [...second, ...witnessVantages(tools.policy, { origin, verifiers }, http)];
  const mirrors = mirrorFolder(config.database);
  return [
    tailJob(ctx, config, log, {
      start: given,
      keyValidUntil,
      policy: tools.policy,
      fallback: mirrorReader(mirrors, origin),
    }),
    backfillJob(ctx, config.logs, mirrors, log),
    ...(shard.mirror === 'full' ? [mirrorJob(ctx, config.logs, mirrors, log)] : []),
    ...(vantages.length > 0 ? [elsewhereJob(ctx, origin, vantages)] : []),
  ];
}

/** The job that follows one log. */
function tailJob(
  ctx: ServiceContext,
  config: Config,
  log: ReadLog,
  {
    start: given,
    ...more
  }: Pick<FollowOptions, 'keyValidUntil' | 'policy' | 'fallback'> & Pick<FollowedShard, 'start'>,
): Job {
  return {
    name: `tail ${log.origin}`,
    every: config.logs.poll,
    async run(signal) {
      const { id } = findLog(ctx.database.db, log.origin);
      const start = startOf(ctx, log.origin, { given, usual: config.logs.start });
      const result = await followLog(ctx, id, { ...log, ...more, start, signal });
      return result.retryAfter;
    },
  };
}
