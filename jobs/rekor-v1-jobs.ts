import type { LogsConfig } from '#lib/config/logs-schema.ts';
import { mirrorFolder } from '#lib/mirror/layout.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { RekorV1Api } from '#lib/rekor-v1/api.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { rekorV1Reader } from '#lib/rekor-v1/tree-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';
import { followServer } from '#lib/services/log/follow-server.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import type { FollowedServer } from '#lib/services/log/rekor-v1-servers.ts';
import { type TreeKey, treesOf } from '#lib/services/log/sync-trees.ts';
import { mirrorReader } from '#lib/services/mirror/mirror-reader.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { BACKFILL_EVERY, type ReadLog, searchBack } from './backfill-job.ts';
import { keepMirror } from './mirror-job.ts';
import type { Job } from './scheduler.ts';
import type { TailTools } from './shard-jobs.ts';

/** The jobs of one Rekor v1 server: the tails of all of its trees, what is searched of their past, and their mirrors. */
export function rekorV1Jobs(tools: Omit<TailTools, 'pool'>, server: FollowedServer, http: HttpReader): Job[] {
  const { ctx, config, root, policies, matcher, policy } = tools;
  const api = new RekorV1Api(http, server.readUrl);
  const readerOf = treeReaders(server, api);
  const judge = (certificate: Uint8Array, seenAt: number) => judgeCertificate(certificate, root, { seenAt });
  const tailOf = (reader: LogReader) =>
    rekorTail(ctx, { reader, format: REKOR_V1, rules: config.watch, matcher, judge, policies });
  const mirrors = mirrorFolder(config.database);
  const { parallel } = config.logs;
  const treeLogs = (): ReadLog[] =>
    treesOf(ctx, server.instance).map((tree) => ({
      ...tailOf(readerOf(tree)),
      origin: tree.origin,
      history: server.history,
      parallel,
    }));
  const tail: Job = {
    name: `tail ${server.instance}`,
    every: config.logs.poll,
    async run(signal) {
      const result = await followServer(ctx, {
        server: { ...server, api },
        readerOf,
        tailOf: (reader) => ({ ...tailOf(reader), policy }),
        fallbackOf: ({ origin }) => mirrorReader(mirrors, origin),
        parallel,
        signal,
      });
      if (result.failure) throw asLater(result.failure);
      return result.retryAfter;
    },
  };
  if (server.reading === 'index') return [tail];
  const past = treeJob(`search back ${server.instance}`, BACKFILL_EVERY, treeLogs, (log, signal) =>
    searchBack(ctx, config.logs, mirrors, log, signal),
  );
  return [tail, past, ...mirrorJobs(ctx, config.logs, mirrors, server, treeLogs)];
}

function mirrorJobs(
  ctx: ServiceContext,
  settings: LogsConfig,
  mirrors: string,
  server: FollowedServer,
  treeLogs: () => ReadLog[],
): Job[] {
  if (server.mirror !== 'full') return [];
  const keep = (log: ReadLog, signal: AbortSignal) => keepMirror(ctx, settings, mirrors, log, signal);
  return [treeJob(`mirror ${server.instance}`, settings.poll, treeLogs, keep)];
}

/** A job that goes through all trees, of which the server may get more while it runs; one that fails holds up no other. */
function treeJob(
  name: string,
  every: number,
  treeLogs: () => ReadLog[],
  work: (log: ReadLog, signal: AbortSignal) => Promise<void>,
): Job {
  return {
    name,
    every,
    async run(signal) {
      const done = await Promise.allSettled(treeLogs().map((log) => work(log, signal)));
      const failed = done.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      return undefined;
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
