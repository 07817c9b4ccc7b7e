import { z } from 'zod';
import { stableId } from '#lib/ids.ts';
import type { MlLevelNumber } from '#lib/provenance/ml-level/level-check.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { getLevel, type NamedLevel } from '#lib/services/level/get-level.ts';
import { summaryStatement } from '#lib/services/level/summary-statement.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { UsageError } from './command.ts';
import { databasePath, openExisting } from './database.ts';
import type { CommandInput } from './input.ts';
import { ModeltrailServer } from './server.ts';

export interface LevelQuestion {
  /** Slug or exact name. */
  readonly model: string;
  /** Label, id or root; null for the newest. */
  readonly version: string | null;
  /** The level that a summary must reach to say PASSED; null where no summary is wanted. */
  readonly summary: { readonly required: MlLevelNumber; readonly verifier: string | null } | null;
}

/** What a Modeltrail answers of a version's level, as far as the command uses it. */
export interface AskedLevel {
  readonly model: string;
  readonly version: { readonly id: string; readonly label: string | null; readonly root: string };
  readonly level: z.output<typeof levelSchema>;
  /** The verification summary; null where none is wanted. */
  readonly summary: object | null;
}

const why = z.string();

/** What is read of a server's answer: all that is printed, and nothing that a newer one may add. */
const levelSchema = z.object({
  level: z.literal([0, 1, 2, 3, 4]),
  slsaBuild: z.object({ level: z.literal([0, 1, 2, 3]), why }),
  slsaSource: z.object({ level: z.literal([1, 2, 3, 4]).nullable(), why }),
  bundleId: z.string().nullable(),
  statements: z.int(),
  strangers: z.int(),
  checks: z.array(
    z.object({
      id: z.string(),
      level: z.literal([1, 2, 3, 4]),
      title: z.string(),
      outcome: z.enum(['met', 'not-met', 'not-known']),
      how: z.string(),
      reads: z.string(),
      mend: z.string(),
    }),
  ),
});

const versionSchema = z.object({ id: z.string(), label: z.string().nullable(), root: z.string() });
const modelSchema = z.object({ name: z.string(), slug: z.string(), versions: z.array(versionSchema) });

/**
 * Asks the database, or the server that `--server` names, for the level of a version.
 *
 * @throws {ExpectationError} where no such model or version is known there. @throws {UsageError} where there is no answer.
 */
export async function askLevel(input: CommandInput, question: LevelQuestion): Promise<AskedLevel> {
  const server = input.text('server');
  if (server === undefined) return askDatabase(input, question);
  if (input.text('database') !== undefined) {
    throw new UsageError('--server and --database are two places to ask. Leave one out.');
  }
  const asked = await ModeltrailServer.open(server, input.text('token-file'));
  try {
    return await askServer(asked, question);
  } finally {
    await asked.close();
  }
}

async function askDatabase(input: CommandInput, { model, version, summary }: LevelQuestion): Promise<AskedLevel> {
  const database = openExisting(databasePath(input));
  try {
    const named: NamedLevel = await getLevel(database, { model, version });
    const verifier = summary?.verifier ?? publicAddress(database);
    if (summary && verifier === null) throw new UsageError('Say who stands behind the summary: --verifier URI.');
    const { detail, level } = named;
    return {
      model: detail.model.name,
      version: versionSchema.parse(detail.version),
      level: levelSchema.parse(level),
      summary:
        summary && verifier !== null
          ? summaryStatement(database, named, { verifier, required: summary.required, now: Date.now() })
          : null,
    };
  } finally {
    database.close();
  }
}

async function askServer(server: ModeltrailServer, { model, version, summary }: LevelQuestion): Promise<AskedLevel> {
  const found = (await findModel(server, model)) ?? (await findModel(server, slugOf(model, stableId('model', model))));
  if (!found) throw new ExpectationError('no-model', `No model ${JSON.stringify(model)} is known at ${server.url}.`);
  const named = found.versions.filter(
    ({ id, label, root }) => version === null || [id, label, root, `sha256:${root}`].includes(version),
  );
  const [meant, ...others] = version === null ? named.slice(0, 1) : named;
  if (!meant) throw new ExpectationError('no-version', `The model has no version ${JSON.stringify(version)} there.`);
  if (others.length > 0) {
    throw new ExpectationError('no-version', `Several versions are called ${JSON.stringify(version)}. Give the root.`);
  }
  const path = `/models/${encodeURIComponent(found.slug)}/versions/${encodeURIComponent(meant.id)}/level`;
  const level = await take(server, path, levelSchema);
  const query = summary && new URLSearchParams({ require: String(summary.required) });
  if (query && summary.verifier !== null) query.set('verifier', summary.verifier);
  const statement = query && (await take(server, `${path}/summary?${query}`, z.record(z.string(), z.unknown())));
  return { model: found.name, version: meant, level, summary: statement };
}

async function findModel(server: ModeltrailServer, slug: string): Promise<z.output<typeof modelSchema> | null> {
  if (slug === '' || slug.length > 200) return null;
  const answer = await server.get(`/models/${encodeURIComponent(slug)}`, { schema: modelSchema, explained: [404] });
  return answer.isGood ? answer.value : null;
}

async function take<T>(server: ModeltrailServer, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await server.get(path, { schema });
  if (!answer.isGood) throw new UsageError(answer.problem.detail);
  return answer.value;
}
