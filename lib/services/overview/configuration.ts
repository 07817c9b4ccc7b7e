import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';

const DEFAULT_POLL = 30_000;

/** What pages need of the configuration in force. Lenient: it was validated when it was taken up, perhaps by another version. */
const inForceSchema = z.object({
  organisation: z.object({ name: z.string() }).optional().catch(undefined),
  watch: z.array(z.looseObject({ name: z.string(), own: z.boolean().optional().catch(undefined) })).catch([]),
  sources: z.array(z.looseObject({ name: z.string() })).catch([]),
  logs: z
    .looseObject({
      poll: z.number().positive().optional().catch(undefined),
      mirrorLimit: z.number().positive().optional().catch(undefined),
    })
    .catch({}),
});

export interface Configuration {
  /** False until the jobs have run once. */
  readonly isKnown: boolean;
  readonly path: string | null;
  readonly organisation: string | null;
  readonly watch: readonly { readonly name: string; readonly own: boolean }[];
  /** Names of the ways in; lib/services/source/list-sources.ts tells more of them. */
  readonly sources: readonly string[];
  /** Milliseconds between two looks at a log. */
  readonly poll: number;
  /** Bytes that the mirror of one log may take; null where it is not known. */
  readonly mirrorLimit: number | null;
  readonly inForceSince: number | null;
  readonly refused: { readonly message: string; readonly at: number | null } | null;
  readonly trust: { readonly source: string; readonly sha256: string | null; readonly loadedAt: number | null } | null;
}

/** The configuration in force and the latest change that was refused, as the jobs have noted them. */
export async function getConfiguration({ db }: OpenDatabase): Promise<Configuration> {
  const row = db.select().from(configState).get();
  const inForce = inForceSchema.parse(row ? parseJson(row.inForce) : {});
  return {
    isKnown: row !== undefined,
    path: row?.path ?? null,
    organisation: inForce.organisation?.name ?? null,
    watch: inForce.watch.map(({ name, own }) => ({ name, own: own ?? false })),
    sources: inForce.sources.map(({ name }) => name),
    poll: inForce.logs.poll ?? DEFAULT_POLL,
    mirrorLimit: inForce.logs.mirrorLimit ?? null,
    inForceSince: row?.inForceSince ?? null,
    refused: row?.refused ? { message: row.refused, at: row.refusedAt } : null,
    trust: row?.trustSource ? { source: row.trustSource, sha256: row.trustSha256, loadedAt: row.trustLoadedAt } : null,
  };
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
