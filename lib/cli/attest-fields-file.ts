import { z } from 'zod';
import type { TrainingInputRole } from '#lib/attestation/provenance-statement.ts';
import { ConfigError, type ConfigProblem, formatPath } from '#lib/config/error.ts';
import { YamlDocument } from '#lib/config/yaml-document.ts';
import type { AskedFields, AskedInput } from './attest-fields.ts';
import { UsageError } from './command.ts';
import { readFileUpTo } from './read-file.ts';

const MAX_BYTES = 1024 * 1024;
const MEND = 'See docs/signing.md, Fields in a file';

const text = z.string().min(1).max(4096);
const time = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));
const digest = z
  .string()
  .regex(/^sha256:[0-9a-fA-F]{64}$/, 'is not sha256: and 64 hexadecimal digits')
  .transform((value) => value.slice('sha256:'.length).toLowerCase());
const input = z
  .strictObject({ name: text.optional(), uri: text.optional(), digest: digest.optional(), path: text.optional() })
  .refine((value) => Object.keys(value).length > 0, 'names nothing: give name, uri, digest or path')
  .refine(({ digest: given, path }) => given === undefined || path === undefined, 'has both digest and path');
const inputs = z.array(input).max(1000);
const value = z.union([z.string().max(4096), z.number(), z.boolean()]);
const key = z.string().min(1).max(200);

const schema = z.strictObject({
  repository: text.optional(),
  ref: text.optional(),
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not 40 or 64 lowercase hexadecimal digits in quotation marks')
    .optional(),
  entryPoint: text.optional(),
  datasets: inputs.optional(),
  baseModels: z.union([z.literal('none'), inputs]).optional(),
  adapters: inputs.optional(),
  quantisedFrom: inputs.optional(),
  mergedFrom: inputs.optional(),
  environment: z.record(key, value.transform(String)).optional(),
  image: z.strictObject({ uri: text, digest }).optional(),
  pipelineId: text.optional(),
  builder: text.optional(),
  buildType: text.optional(),
  parameters: z.record(key, value).optional(),
  evaluations: z
    .array(z.strictObject({ name: text, value: value.transform(String), on: text.optional() }))
    .max(1000)
    .optional(),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  trainingLog: text.optional(),
});

type FileFields = z.infer<typeof schema>;

/**
 * Reads a YAML file of fields. Keys that are not known are refused: a misspelt one would be left out of what is signed.
 *
 * @throws {ConfigError} with every problem and its place; @throws {UsageError} where the file cannot be read.
 */
export async function readFieldsFile(path: string): Promise<AskedFields> {
  const bytes = await readFileUpTo(path, MAX_BYTES, 'file of fields');
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${path} is not UTF-8. Save it as UTF-8.`);
  }
  const document = new YamlDocument(content);
  if (document.problems.length > 0) {
    throw new ConfigError(document.problems.map((problem) => ({ file: path, key: '', ...problem })));
  }
  const result = schema.safeParse(document.value ?? {});
  if (result.success) return toFields(result.data);
  throw new ConfigError(
    result.error.issues.flatMap((issue): ConfigProblem[] => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : null;
      const places = unknown?.map((name) => [...issue.path, name]) ?? [issue.path];
      const message = unknown ? 'is not a key that is known here' : issue.message.replace(/\.$/, '');
      return places.map((keys) => ({
        file: path,
        ...document.locate(keys, unknown ? 'key' : 'value'),
        key: formatPath(keys),
        message,
        mend: MEND,
      }));
    }),
  );
}

function toFields({
  datasets,
  baseModels,
  adapters,
  quantisedFrom,
  mergedFrom,
  evaluations,
  ...same
}: FileFields): AskedFields {
  const all = [
    ...ofRole('dataset', datasets),
    ...ofRole('base-model', baseModels === 'none' ? [] : baseModels),
    ...ofRole('adapter', adapters),
    ...ofRole('quantised-from', quantisedFrom),
    ...ofRole('merged-from', mergedFrom),
  ];
  const { image, ...plain } = same;
  const fields = {
    ...plain,
    image: image && { uri: image.uri, sha256: image.digest },
    inputs: all.length > 0 ? all : undefined,
    statesNoBase: baseModels === 'none' ? true : undefined,
    evaluations: evaluations?.map(({ name, value: result, on = null }) => ({ name, value: result, on })),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, stated]) => stated !== undefined));
}

function ofRole(role: TrainingInputRole, list: z.infer<typeof inputs> = []): AskedInput[] {
  return list.map(({ name = null, uri = null, digest: sha256 = null, path = null }) => ({
    role,
    name,
    uri,
    sha256,
    path,
  }));
}
