import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, type JsonSchema } from '#lib/config/json-schema.ts';
import { runCli } from './run-cli.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The members of a union of strings that is written one a line. */
function codesOf(path: string): string[] {
  return [...read(path).matchAll(/^ {2}\| '([a-z0-9-]+)'/gm)].map(([, code]) => code ?? '');
}

/** Every key of the configuration as the table writes it; what a criterion may be has a sentence instead of rows. */
function keysOf(schema: JsonSchema, path = ''): string[] {
  const nested = Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    keysOf(child, path === '' ? key : `${path}.${key}`),
  );
  if (nested.length > 0) return nested;
  return schema.items?.properties ? keysOf(schema.items, `${path}[]`) : [path];
}

describe('the documentation', { timeout: 60_000 }, () => {
  it.each([
    ['lib/rekor/fetch-error.ts', 8],
    ['lib/rekor/log-data-error.ts', 10],
    ['lib/sigstore/bundle-error.ts', 7],
    ['lib/sigstore/refusal.ts', 33],
  ])('tells operators of every code in %s', (path, atLeast) => {
    const codes = codesOf(path);
    expect(codes.length).toBeGreaterThanOrEqual(atLeast);
    const operating = read('docs/operating.md');
    expect(codes.filter((code) => !operating.includes(`\`${code}\``))).toEqual([]);
  });

  it('has every key of the configuration in its table', () => {
    const keys = keysOf(configJsonSchema());
    expect(keys.length).toBeGreaterThan(20);
    const readme = read('README.md');
    expect(keys.filter((key) => !readme.includes(`| \`${key}\` |`))).toEqual([]);
  });

  it('names every command', async () => {
    const { stdout } = await runCli(['--help']);
    const names = [...stdout.matchAll(/^ {2}\$ modeltrail ([a-z ]+) --help$/gm)].map(([, name]) => name ?? '');
    expect(names).toHaveLength(6);
    const readme = read('README.md');
    expect(names.filter((name) => !readme.includes(`| \`${name}`))).toEqual([]);
  });

  it('names only files that are there', () => {
    const documents = ['README.md', 'ARCHITECTURE.md', 'docs/operating.md', 'docs/threat-model.md'];
    const named = documents.flatMap((document) => [
      ...read(document).matchAll(/`((?:lib|db|jobs|app|test|docs|public)\/[\w./-]+\.\w+)`/g),
    ]);
    expect(named.length).toBeGreaterThan(30);
    expect(named.map(([, path]) => path ?? '').filter((path) => !isThere(path))).toEqual([]);
  });
});

function isThere(path: string): boolean {
  try {
    return read(path).length > 0;
  } catch {
    return false;
  }
}
