import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, type JsonSchema, schemasAt, writeJsonSchema } from '#lib/config/json-schema.ts';

const file = (name: string) => new URL(`../../../${name}`, import.meta.url);

/** Every schema of a key, with the key's path. */
function keysOf(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, child]): [string, JsonSchema][] => [
    [`${path}.${key}`, child],
    ...keysOf(child, `${path}.${key}`),
  ]);
  const items = schema.items === undefined ? [] : keysOf(schema.items, `${path}[]`);
  return [...own, ...items, ...(schema.anyOf ?? []).flatMap((alternative) => keysOf(alternative, path))];
}

describe('the JSON Schema of the configuration', () => {
  it('is the one that is published', () => {
    expect(JSON.parse(readFileSync(file('public/modeltrail.schema.json'), 'utf8'))).toEqual(configJsonSchema());
  });

  it('is written as it is published', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modeltrail-schema-'));
    const path = join(folder, 'schema.json');
    writeJsonSchema(path);
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(file('public/modeltrail.schema.json'), 'utf8'));
    rmSync(folder, { recursive: true });
  });

  it('gives the reason for every key', () => {
    const keys = keysOf(configJsonSchema());
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter(([, { description = '' }]) => description.length < 15).map(([path]) => path)).toEqual([]);
  });

  it('allows no key but those it names', () => {
    const objects = [configJsonSchema(), ...keysOf(configJsonSchema()).map(([, schema]) => schema)];
    for (const { properties, additionalProperties } of objects) {
      if (properties !== undefined) expect(additionalProperties).toBe(false);
    }
  });

  it('is found again at a path, through lists, maps and alternatives', () => {
    const keys = schemasAt(['watch', 3, 'extensions', 'build-trigger']).flatMap(({ properties = {} }) =>
      Object.keys(properties),
    );
    expect(keys).toEqual(['exact', 'glob', 'pattern']);
    expect(schemasAt(['watch', 'x', 'y'])).toEqual([]);
  });
});
