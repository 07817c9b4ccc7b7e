import type { SourceConfig } from '#lib/config/sources-schema.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { pollFolder } from '#lib/services/source/poll-folder.ts';
import { pollGithub } from '#lib/services/source/poll-github.ts';
import { pollOci } from '#lib/services/source/poll-oci.ts';
import { pollRekorIndex } from '#lib/services/source/poll-rekor-index.ts';
import { type PolledSource, runSource, type SourceRun } from '#lib/services/source/run-source.ts';
import { scanDirectory } from '#lib/services/source/scan-directory.ts';
import type { Standards } from '#lib/services/standards.ts';
import type { Matcher } from '#lib/watch/match.ts';
import type { Job } from './scheduler.ts';

/** A directory is looked through so often even if nothing told of a change. */
const SCAN_EVERY = 60_000;

/** What every look at a source is made with. */
export interface SourceTools {
  readonly ctx: ServiceContext;
  readonly standards: Standards;
  readonly matcher: Matcher;
  readonly client: RemoteClient;
  /** For sources that were set in a browser: it asks nobody but the public network. */
  readonly publicClient: RemoteClient;
}

type Look = (memory: unknown, signal: AbortSignal) => Promise<SourceRun>;

/** The name of a source's job: a change in a watched directory wakes it by this. */
export function sourceJobName(source: SourceConfig): string {
  return `${'directory' in source ? 'scan' : 'poll'} ${source.name}`;
}

/** The job of a source. Each keeps its own time, and failures of one are no other's. */
export function sourceJob(tools: SourceTools, source: SourceConfig): Job {
  const { ctx } = tools;
  const [polled, look] = lookAt(tools, source);
  return {
    name: sourceJobName(source),
    every: polled.every,
    async run(signal) {
      const counts = await runSource(ctx, polled, (memory) => look(memory, signal), { signal });
      const { accepted = 0, refused = 0 } = counts;
      if (accepted + refused > 0) ctx.log.info({ source: source.name, ...counts }, 'source read');
      return undefined;
    },
  };
}

function lookAt(tools: SourceTools, source: SourceConfig): readonly [PolledSource, Look] {
  const { ctx, standards, matcher } = tools;
  const { name } = source;
  if ('directory' in source) {
    const polled = { name, kind: 'directory', location: source.directory, every: SCAN_EVERY, backsOff: false } as const;
    return [polled, directoryLook(tools, source)];
  }
  const { every } = source;
  const client = 'publicOnly' in source && source.publicOnly === true ? tools.publicClient : tools.client;
  if ('folder' in source) {
    const polled = { name, kind: 'folder', location: source.folder, every, backsOff: false } as const;
    return [polled, (memory, signal) => pollFolder(ctx, source, standards, memory, signal)];
  }
  if ('oci' in source) {
    const isLayout = 'layout' in source.oci;
    const location = 'layout' in source.oci ? source.oci.layout : `${source.oci.registry}/${source.oci.repository}`;
    const polled = { name, kind: 'oci', location, every, backsOff: !isLayout } as const;
    return [polled, (_, signal) => pollOci(ctx, source, standards, client, signal)];
  }
  if ('github' in source) {
    const location = `${source.api}/repos/${source.github}`;
    const polled = { name, kind: 'github', location, every, backsOff: true } as const;
    return [polled, (memory, signal) => pollGithub(ctx, source, standards, client, memory, signal)];
  }
  const polled = { name, kind: 'rekor-index', location: source.rekorIndex, every, backsOff: true } as const;
  return [polled, (memory, signal) => pollRekorIndex(ctx, source, standards, matcher, client, memory, signal)];
}

/** The first scan of an engine takes another look at what was refused: it may be readable by now. */
function directoryLook({ ctx, standards }: SourceTools, source: Extract<SourceConfig, { directory: string }>): Look {
  let again = true;
  return async (_, signal) => {
    const counts = await scanDirectory(ctx, source, standards, { again, signal });
    again = false;
    return { counts };
  };
}
