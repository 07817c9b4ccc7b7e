import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { deliveries, sourceStates } from '#db/schema/source.ts';

/** Lenient: what is in force was validated when it was taken up, perhaps by another version. */
const text = z.string().optional().catch(undefined);
const configuredSchema = z
  .object({
    sources: z
      .array(
        z.looseObject({
          name: z.string(),
          directory: text,
          folder: text,
          github: text,
          rekorIndex: text,
          oci: z.looseObject({ layout: text, registry: text, repository: text }).optional().catch(undefined),
        }),
      )
      .catch([]),
  })
  .catch({ sources: [] });

type ConfiguredSource = z.output<typeof configuredSchema>['sources'][number];

export type SourceKind = (typeof sourceStates.$inferSelect)['kind'];

/** One way in, as configured, with the last look at it. */
export interface SourceSummary {
  readonly name: string;
  readonly kind: SourceKind;
  /** Where it is, for people. */
  readonly location: string;
  /** Times in milliseconds; null for what has not happened. Watched directories are not polled, and have none. */
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly nextRunAt: number | null;
  /** Of the last look; null where it went well. */
  readonly error: string | null;
  /** Failures in a row. */
  readonly failures: number;
  /** Counts of the last look, by label. */
  readonly result: Readonly<Record<string, number>>;
  readonly accepted: number;
  readonly refused: number;
}

const resultSchema = z.record(z.string(), z.number()).catch({});

/** The ways in of the configuration in force, in its order, each with how it went. */
export async function listSources({ db }: OpenDatabase): Promise<SourceSummary[]> {
  const row = db.select({ inForce: configState.inForce }).from(configState).get();
  const { sources } = configuredSchema.parse(parseJson(row?.inForce ?? '{}'));
  return sources.map((source): SourceSummary => {
    const state = db.select().from(sourceStates).where(eq(sourceStates.name, source.name)).get();
    const brought = (outcome: 'accepted' | 'refused') =>
      db
        .select({ count: count() })
        .from(deliveries)
        .where(and(eq(deliveries.source, source.name), eq(deliveries.outcome, outcome)))
        .get()?.count ?? 0;
    const { kind, location } = placeOf(source);
    return {
      name: source.name,
      kind,
      location,
      lastRunAt: state?.lastRunAt ?? null,
      lastSuccessAt: state?.lastSuccessAt ?? null,
      nextRunAt: state?.nextRunAt ?? null,
      error: state?.error ?? null,
      failures: state?.failures ?? 0,
      result: resultSchema.parse(parseJson(state?.result ?? '{}')),
      accepted: brought('accepted'),
      refused: brought('refused'),
    };
  });
}

function placeOf({ directory, folder, github, rekorIndex, oci }: ConfiguredSource): {
  kind: SourceKind;
  location: string;
} {
  if (folder !== undefined) return { kind: 'folder', location: folder };
  if (github !== undefined) return { kind: 'github', location: github };
  if (rekorIndex !== undefined) return { kind: 'rekor-index', location: rekorIndex };
  if (oci) return { kind: 'oci', location: oci.layout ?? `${oci.registry ?? ''}/${oci.repository ?? ''}` };
  return { kind: 'directory', location: directory ?? '' };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
