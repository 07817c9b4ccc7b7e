import type { Config } from '#lib/config/schema.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
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
      const { origin, verifiers } = shard;
      const judge = (certificate: Uint8Array, seenAt: number) => judgeCertificate(certificate, root, { seenAt });
      const result = await followLog(ctx, findLog(ctx.database.db, origin).id, {
        ...rekorTail(ctx, {
          reader: tileLogReader({ origin, verifiers, source: rekorTileSource(http, shard.readUrl) }),
          format: REKOR_V2,
          rules: config.watch,
          matcher,
          judge,
          policies,
        }),
        pool,
        start: shard.start,
        parallel: config.logs.parallel,
        signal,
      });
      return result.retryAfter;
    },
  };
}
