import type { Config } from '#lib/config/schema.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import type { FollowedShard } from '#lib/services/log/shards.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';
import type { Job } from './scheduler.ts';

/** What every tail works with. */
export interface TailTools {
  readonly ctx: ServiceContext;
  readonly config: Config;
  readonly root: TrustedRoot;
  readonly policies: SignerPolicies;
  readonly matcher: Matcher;
  readonly pool: BundlePool;
}

/** The job that follows one log. */
export function tailJob(
  { ctx, config, root, policies, matcher, pool }: TailTools,
  shard: FollowedShard,
  http: HttpReader,
): Job {
  return {
    name: `tail ${shard.origin}`,
    every: config.logs.poll,
    async run(signal) {
      const result = await followLog(ctx, findLog(ctx.database.db, shard.origin).id, {
        source: rekorTileSource(http, shard.readUrl),
        verifiers: shard.verifiers,
        rules: config.watch,
        matcher,
        policies,
        pool,
        judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
        start: shard.start,
        parallel: config.logs.parallel,
        signal,
      });
      return result.retryAfter;
    },
  };
}
