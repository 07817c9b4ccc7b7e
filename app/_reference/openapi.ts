import { z } from 'zod';

/** The parts of an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1) that the reference shows. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly prefixItems?: readonly Schema[] | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly default?: unknown;
}

const schema = z.custom<Schema>((value) => typeof value === 'object' && value !== null);
const content = z.record(z.string(), z.object({ schema: schema.optional() }));

const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: schema.optional(),
});

const operation = z.object({
  tags: z.array(z.string()).default(['Other']),
  summary: z.string().default(''),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
  parameters: z.array(parameter).default([]),
  requestBody: z
    .object({ description: z.string().optional(), required: z.boolean().default(false), content })
    .optional(),
  responses: z.record(z.string(), z.object({ description: z.string().default(''), content: content.optional() })),
});

const document = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schema).default({}) }).default({ schemas: {} }),
});

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export type Parameter = z.output<typeof parameter>;

export interface Operation extends z.output<typeof operation> {
  readonly method: string;
  readonly path: string;
  /** Stays the same while method and path do: `get-models-slug`. */
  readonly anchor: string;
  /** The scope that its token needs; null where it needs none. */
  readonly scope: string | null;
}

export interface Reference {
  readonly info: z.output<typeof document>['info'];
  /** By tag, in the order of the document. */
  readonly groups: readonly { readonly tag: string; readonly operations: readonly Operation[] }[];
  readonly schemas: readonly (readonly [name: string, schema: Schema])[];
}

/** Reads an OpenAPI document. @throws {z.ZodError} for what is none. */
export function readReference(json: unknown): Reference {
  const { info, paths, components } = document.parse(json);
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): Operation[] => {
      if (item[method] === undefined) return [];
      const fields = operation.parse(item[method]);
      return [
        { ...fields, method: method.toUpperCase(), path, anchor: anchorOf(method, path), scope: scopeOf(fields) },
      ];
    }),
  );
  const byTag = Map.groupBy(operations, ({ tags }) => tags[0] ?? 'Other');
  return {
    info,
    groups: [...byTag].map(([tag, members]) => ({ tag, operations: members })),
    schemas: Object.entries(components.schemas).sort(([a], [b]) => a.localeCompare(b, 'en')),
  };
}

export function tagAnchor(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}

function anchorOf(method: string, path: string): string {
  return `${method}-${path.replace(/^\/api\/v1\//, '').replaceAll(/[^A-Za-z0-9]+/g, '-')}`.replace(/-$/, '');
}

/** The document has no field for it with bearer tokens: every route says it in one sentence. */
function scopeOf({ security, description }: z.output<typeof operation>): string | null {
  if (security.length === 0) return null;
  return /\bscope (read|verify|ingest|deploy|investigate|admin)\b/.exec(description ?? '')?.[1] ?? 'any';
}

/** A schema as one line, with the names of others as their own parts: `list of` `Finding`, `or null`. */
export function describeType(given: Schema | undefined): readonly (string | { readonly schema: string })[] {
  if (!given) return ['anything'];
  const name = /^#\/components\/schemas\/([\w.-]+)$/.exec(given.$ref ?? '')?.[1];
  if (name !== undefined) return [{ schema: name }];
  const choices = given.anyOf ?? given.oneOf;
  if (choices) return choices.flatMap((one, i) => (i === 0 ? describeType(one) : [' or ', ...describeType(one)]));
  if (given.allOf) {
    const [first, ...others] = given.allOf.filter((one) => one.$ref !== undefined || one.type !== undefined);
    if (first && others.length === 0) return describeType(first);
  }
  if (given.const !== undefined) return [JSON.stringify(given.const)];
  if (given.enum) return [given.enum.map((value) => JSON.stringify(value)).join(', ')];
  const types = [given.type ?? []].flat().map((type) => describePlain(type, given));
  if (types.length === 0) return ['anything'];
  return types.flatMap((parts, i) => (i === 0 ? parts : [' or ', ...parts]));
}

function describePlain(type: string, { items, prefixItems, additionalProperties, format }: Schema) {
  if (type === 'array' && prefixItems) return [`list of ${prefixItems.length}`];
  if (type === 'array') return ['list of ', ...describeType(items)];
  if (type === 'object' && typeof additionalProperties === 'object')
    return ['map to ', ...describeType(additionalProperties)];
  return [format === undefined ? type : `${type} (${format})`];
}
