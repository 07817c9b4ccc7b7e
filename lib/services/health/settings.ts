import { dirname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';

const DEFAULT_FRESHNESS = 15 * 60_000;

const time = z.number().positive().optional().catch(undefined);
const text = z.string().optional().catch(undefined);

/** Lenient: what is in force was validated when it was taken up, perhaps by another version. */
const inForceSchema = z.object({
  database: text,
  trust: z.object({ file: text, tuf: z.object({ mirror: z.string() }).optional().catch(undefined) }).catch({}),
  logs: z
    .object({
      freshness: time,
      monitorConfig: text,
      list: z
        .array(
          z.object({
            origin: z.string(),
            url: text,
            freshness: time,
            writeUrls: z.array(z.string()).optional().catch(undefined),
          }),
        )
        .catch([]),
    })
    .catch({ list: [] }),
  health: z
    .object({ canary: z.object({ every: z.number(), within: z.number() }).optional().catch(undefined) })
    .catch({}),
});

type InForce = z.output<typeof inForceSchema>;

/** What health is measured by. Times in milliseconds. */
export interface HealthSettings {
  readonly freshness: number;
  readonly list: InForce['logs']['list'];
  readonly canary: { readonly every: number; readonly within: number } | null;
  readonly monitorConfig: string | null;
  /** Where TUF keeps its metadata; null where the trust root is a file. */
  readonly tuf: { readonly cacheDirectory: string; readonly mirror: string } | null;
  /** Null on a database on which no jobs have run. */
  readonly state: typeof configState.$inferSelect | null;
}

/** The part of the configuration in force that health is measured by. */
export function readHealthSettings({ db }: OpenDatabase): HealthSettings {
  const state = db.select().from(configState).where(eq(configState.id, 1)).get() ?? null;
  const { database, trust, logs, health } = inForceSchema.parse(parseJson(state?.inForce));
  const isTuf = trust.file === undefined && trust.tuf !== undefined && database !== undefined;
  return {
    freshness: logs.freshness ?? DEFAULT_FRESHNESS,
    list: logs.list,
    canary: health.canary ?? null,
    monitorConfig: logs.monitorConfig ?? null,
    tuf: isTuf && trust.tuf ? { cacheDirectory: join(dirname(database), 'tuf'), mirror: trust.tuf.mirror } : null,
    state,
  };
}

function parseJson(json: string | undefined): unknown {
  try {
    const value: unknown = json === undefined ? {} : JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
