import { z } from 'zod';
import type { RekorIndexSource } from '#lib/config/sources-schema.ts';
import { fetchLogEntry } from '#lib/rekor-v1/log-entry.ts';
import { searchIndex } from '#lib/rekor-v1/search-index.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { askedSchema, nextVersions } from './next-versions.ts';
import { findIndexHit, type IndexHit, recordIndexHit, recordUnreadableHit } from './record-index-hit.ts';
import type { SourceRun } from './run-source.ts';
import { tolerate } from './tolerate.ts';

/** Versions asked about in one look. */
const VERSIONS = 200;
/** Entries fetched in one look, and for one root: anybody can log what names a root, as often as they like. */
const ENTRIES = 500;
const ENTRIES_OF_ROOT = 50;

const memorySchema = z.object({ asked: askedSchema }).catch({ asked: { newest: null, down: null } });

/**
 * Asks the search index of a Rekor v1 log for the OMS roots that we know, so that signings are found whose bundle nobody
 * sent. Each entry that it names is fetched and proved; a hit that is stored as proved or known is not fetched again.
 */
export async function pollRekorIndex(
  ctx: ServiceContext,
  source: RekorIndexSource,
  standards: Standards,
  matcher: Matcher,
  client: RemoteClient,
  memory: unknown,
  signal?: AbortSignal,
): Promise<SourceRun> {
  const { versions, asked } = nextVersions(ctx, memorySchema.parse(memory).asked, VERSIONS);
  const counts = { roots: 0, read: 0, verified: 0, known: 0, refused: 0, unchanged: 0, skipped: 0 };
  const judge = { root: standards.root, matcher };
  const failures: Error[] = [];
  for (const root of new Set(versions.flatMap(({ roots }) => roots))) {
    counts.roots++;
    const named = await tolerate(() => searchIndex(client, source.rekorIndex, { digest: root }, signal));
    if (named instanceof Error) {
      ctx.log.warn({ source: source.name, root }, named.message);
      failures.push(named);
      continue;
    }
    const hits = named.map((entryUuid): IndexHit => ({ root, logUrl: source.rekorIndex, entryUuid }));
    const open = hits.filter((hit) => !isSettled(ctx, hit));
    counts.unchanged += hits.length - open.length;
    const taken = open.slice(0, Math.max(0, Math.min(ENTRIES_OF_ROOT, ENTRIES - counts.read)));
    counts.skipped += open.length - taken.length;
    for (const hit of taken) {
      counts.read++;
      counts[await takeHit(ctx, hit, judge, client, signal)]++;
    }
  }
  // One root that the index cannot answer for must not hold up the others; where it answers for none, it is at fault.
  const [failure] = failures;
  if (failure && failures.length === counts.roots) throw failure;
  return { counts: { ...counts, skipped: counts.skipped + failures.length }, memory: { asked } };
}

/** Refused ones are tried again: another trust root may know the log. */
function isSettled(ctx: ServiceContext, hit: IndexHit): boolean {
  const state = findIndexHit(ctx, hit)?.state;
  return state === 'verified' || state === 'known';
}

async function takeHit(
  ctx: ServiceContext,
  hit: IndexHit,
  judge: Parameters<typeof recordIndexHit>[3],
  client: RemoteClient,
  signal?: AbortSignal,
): Promise<'verified' | 'refused' | 'known'> {
  const entry = await tolerate(() => fetchLogEntry(client, hit.logUrl, hit.entryUuid, signal));
  if (!(entry instanceof Error)) return recordIndexHit(ctx, hit, entry, judge);
  recordUnreadableHit(ctx, hit, entry.message);
  return 'refused';
}
