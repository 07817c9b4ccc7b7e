import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, type JsonSchema } from '#lib/config/json-schema.ts';
import { parseConfig } from '#lib/config/load.ts';
import { FINDING_KINDS } from '#lib/provenance/findings.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import { runCli } from './run-cli.ts';

const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'docs/operating.md', 'docs/threat-model.md'];

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
    ['lib/mirror/mirror-error.ts', 7],
    ['lib/sigstore/bundle-error.ts', 7],
    ['lib/sigstore/refusal.ts', 33],
    ['lib/model-signing/statement-error.ts', 13],
    ['lib/declaration/declaration-error.ts', 6],
  ])('tells operators of every code in %s', (path, atLeast) => {
    // No statement is refused for it: it says that the wrong reader was asked.
    const codes = codesOf(path).filter((code) => code !== 'not-a-model-signature');
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
    const names = [...stdout.matchAll(/^ {2}\$ modeltrail ([a-z -]+) --help$/gm)].map(([, name]) => name ?? '');
    expect(names).toHaveLength(34);
    const readme = read('README.md');
    expect(names.filter((name) => !readme.includes(`| \`${name}`))).toEqual([]);
  });

  it('tells operators what to do about every finding and every state of a link', () => {
    const operating = read('docs/operating.md');
    expect(FINDING_KINDS.filter((kind) => !operating.includes(`| \`${kind}\` |`))).toEqual([]);
    const words = [...LINK_STATES.map((state) => LINK[state].word), NO_INPUTS.word];
    expect(words.filter((word) => !operating.includes(`| *${word}* |`))).toEqual([]);
  });

  it('shows expectations of signers that can be used', () => {
    const [, yaml = ''] = /^## Expected signers$[\s\S]*?```yaml\n([\s\S]*?)```/m.exec(read('docs/operating.md')) ?? [];
    const config = `organisation: { name: x, contact: a@models.example }\n${yaml}`;
    expect(parseConfig(Buffer.from(config), 'x.yaml').config.models).toHaveLength(1);
  });

  it('names only files that are there', () => {
    const named = DOCUMENTS.flatMap((document) => [
      ...read(document).matchAll(/`((?:lib|db|jobs|app|test|docs|public)\/[\w./-]+\.\w+)`/g),
    ]);
    expect(named.length).toBeGreaterThan(60);
    expect(named.map(([, path]) => path ?? '').filter((path) => !isThere(path))).toEqual([]);
  });

  it('names files without their folder only behind one of the same folder', () => {
    const cells = DOCUMENTS.flatMap((document) =>
      read(document)
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .flatMap((line) => line.split('|')),
    );
    const missing = cells.flatMap((cell) => {
      let folder = '.';
      return [...cell.matchAll(/`([\w./-]+)`(?: in `([\w/-]+)`)?/g)].flatMap(([, name = '', inFolder]) => {
        const isFile = /\.tsx?$/.test(name);
        if (name.includes('/')) folder = isFile ? name.slice(0, name.lastIndexOf('/')) : name;
        if (!isFile || name.includes('/')) return [];
        return isThere(`${inFolder ?? folder}/${name}`) || isThere(name) ? [] : [`${cell.trim()}: ${name}`];
      });
    });
    expect(missing).toEqual([]);
  });
});

function isThere(path: string): boolean {
  try {
    return read(path).length > 0;
  } catch {
    return false;
  }
}
