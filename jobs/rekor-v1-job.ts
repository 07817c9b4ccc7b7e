import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { RekorV1Api } from '#lib/rekor-v1/api.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { rekorV1Reader } from '#lib/rekor-v1/tree-reader.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';
import { followServer } from '#lib/services/log/follow-server.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import type { FollowedServer } from '#lib/services/log/rekor-v1-servers.ts';
import type { TreeKey } from '#lib/services/log/sync-trees.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { Job } from './scheduler.ts';
import type { TailTools } from './tail-job.ts';

/** The job that follows all trees of one Rekor v1 server. */
export function rekorV1Job(
  { ctx, config, root, policies, matcher }: Omit<TailTools, 'pool'>,
  server: FollowedServer,
  http: HttpReader,
): Job {
  const api = new RekorV1Api(http, server.readUrl);
  const readerOf = treeReaders(server, api);
  const judge = (certificate: Uint8Array, seenAt: number) => judgeCertificate(certificate, root, { seenAt });
  const { watch: rules } = config;
  return {
    name: `tail ${server.instance}`,
    every: config.logs.poll,
    async run(signal) {
      const result = await followServer(ctx, {
        server: { ...server, api },
        readerOf,
        tailOf: (reader) => rekorTail(ctx, { reader, format: REKOR_V1, rules, matcher, judge, policies }),
        parallel: config.logs.parallel,
        signal,
      });
      if (result.failure) throw asLater(result.failure);
      return result.retryAfter;
    },
  };
}

/** A reader holds what the log signed to what it signs later: each tree keeps its own from round to round. */
function treeReaders({ keys }: FollowedServer, api: RekorV1Api): (tree: TreeKey) => LogReader {
  const readers = new Map<string, LogReader>();
  return ({ origin, treeId, indexOffset }) => {
    const place = `${origin} ${indexOffset}`;
    const reader = readers.get(place) ?? rekorV1Reader({ origin, treeId: treeId ?? '', indexOffset, keys, api });
    readers.set(place, reader);
    return reader;
  };
}

function asLater(failure: Error): Error {
  const wait = failure instanceof FetchError ? failure.retryAfter : null;
  return wait === null ? failure : new RetryLater(failure.message, wait);
}
