import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import type { LoadedConfig } from '#lib/config/load.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { EffectiveConfig } from './effective.ts';

const ROW = 1;

const problemSchema = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
  mend: z.string(),
});

const compositionSchema = z.object({
  written: z.record(z.string(), z.unknown()),
  lines: z.record(z.string(), z.array(z.number())),
  stamp: z.string(),
  taken: z.array(z.object({ section: z.string(), name: z.string(), revision: z.number() })),
  setAside: z.array(
    z.object({
      section: z.string(),
      name: z.string(),
      why: z.enum(['in-file', 'invalid']),
      problems: z.array(problemSchema),
    }),
  ),
});

/** What the configuration in force was made of. */
export interface RecordedComposition extends z.output<typeof compositionSchema> {
  /** The file's path, absolute. */
  readonly path: string;
}

/** Stores what the configuration in force was made of: every process adds to the same file, and says where things are set. */
export function recordComposition(
  ctx: ServiceContext,
  { written, lines }: Pick<LoadedConfig, 'written' | 'lines'>,
  { stamp, taken, setAside }: Pick<EffectiveConfig, 'stamp' | 'taken' | 'setAside'>,
): void {
  const composition = JSON.stringify({
    written,
    lines,
    stamp,
    taken: taken.map(({ section, name, revision }) => ({ section, name, revision })),
    setAside,
  });
  ctx.database.db.update(configState).set({ composition }).where(eq(configState.id, ROW)).run();
}

/** What the jobs last put in force was made of; null where no jobs of this version ran on the database yet. */
export function readComposition({ db }: Pick<OpenDatabase, 'db'>): RecordedComposition | null {
  const row = db
    .select({ path: configState.path, composition: configState.composition })
    .from(configState)
    .where(eq(configState.id, ROW))
    .get();
  if (!row?.composition) return null;
  const read = compositionSchema.safeParse(JSON.parse(row.composition));
  return read.success ? { ...read.data, path: row.path } : null;
}
