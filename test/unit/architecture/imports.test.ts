import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Who may import whom (design: `app, jobs, lib/cli → lib/services → db and the domain → lib/tlog`). First match wins. */
const LAYERS: readonly { readonly folder: string; readonly mayImport: readonly string[] }[] = [
  { folder: 'lib/tlog', mayImport: ['lib/tlog'] },
  { folder: 'lib/watch', mayImport: ['lib/watch', 'lib/tlog'] },
  { folder: 'lib/model-signing', mayImport: ['lib/model-signing', 'lib/tlog'] },
  { folder: 'lib/model-files', mayImport: ['lib/model-files', 'lib/model-signing', 'lib/tlog'] },
  { folder: 'lib/training-log', mayImport: ['lib/training-log', 'lib/model-signing', 'lib/tlog'] },
  {
    folder: 'lib/attestation',
    mayImport: ['lib/attestation', 'lib/training-log', 'lib/model-signing', 'lib/tlog'],
  },
  { folder: 'lib/hash-list', mayImport: ['lib/hash-list', 'lib/model-signing', 'lib/tlog'] },
  { folder: 'lib/declaration', mayImport: ['lib/declaration', 'lib/attestation', 'lib/model-signing', 'lib/tlog'] },
  {
    folder: 'lib/provenance',
    mayImport: [
      'lib/provenance',
      'lib/declaration',
      'lib/attestation',
      'lib/training-log',
      'lib/hash-list',
      'lib/model-signing',
      'lib/watch',
      'lib/tlog',
    ],
  },
  { folder: 'lib/rekor', mayImport: ['lib/rekor', 'lib/watch', 'lib/tlog'] },
  { folder: 'lib/ct', mayImport: ['lib/ct', 'lib/rekor', 'lib/model-signing', 'lib/watch', 'lib/tlog'] },
  { folder: 'lib/mirror', mayImport: ['lib/mirror', 'lib/rekor', 'lib/tlog'] },
  {
    folder: 'lib/sigstore',
    mayImport: ['lib/sigstore', 'lib/model-signing', 'lib/provenance', 'lib/watch', 'lib/tlog'],
  },
  { folder: 'lib/remote', mayImport: ['lib/remote', 'lib/rekor', 'lib/model-signing'] },
  {
    folder: 'lib/notify',
    mayImport: ['lib/notify', 'lib/remote', 'lib/config', 'lib/provenance', 'lib/watch'],
  },
  { folder: 'lib/oci', mayImport: ['lib/oci', 'lib/remote'] },
  { folder: 'lib/github', mayImport: ['lib/github', 'lib/remote', 'lib/rekor', 'lib/sigstore'] },
  {
    folder: 'lib/rekor-v1',
    mayImport: [
      'lib/rekor-v1',
      'lib/rekor',
      'lib/remote',
      'lib/sigstore',
      'lib/provenance',
      'lib/model-signing',
      'lib/watch',
      'lib/tlog',
    ],
  },
  {
    folder: 'lib/signing',
    mayImport: [
      'lib/signing',
      'lib/sigstore',
      'lib/remote',
      'lib/rekor',
      'lib/attestation',
      'lib/model-signing',
      'lib/tlog',
    ],
  },
  {
    folder: 'lib/browser',
    mayImport: ['lib/browser', 'lib/hash-list', 'lib/model-signing', 'lib/provenance', 'lib/tlog'],
  },
  { folder: 'lib/config', mayImport: ['lib/config', 'lib/provenance', 'lib/watch', 'lib/tlog'] },
  { folder: 'lib/services', mayImport: ['lib', 'db'] },
  { folder: 'lib/cli', mayImport: ['lib', 'db'] },
  { folder: 'lib/http', mayImport: ['lib', 'db'] },
  { folder: 'lib', mayImport: ['lib'] },
  { folder: 'db', mayImport: ['db'] },
  { folder: 'jobs', mayImport: ['jobs', 'lib', 'db'] },
  { folder: 'app', mayImport: ['app', 'lib', 'db'] },
];

/** The browser and the CLI reuse these: nothing of Node, of the web framework, or of a database. */
const PURE = [
  'lib/tlog',
  'lib/watch',
  'lib/model-signing',
  'lib/attestation',
  'lib/declaration',
  'lib/hash-list',
  'lib/training-log',
  'lib/provenance',
  'lib/browser',
];
const IMPURE = /^(?:node:|next(?:\/|$)|react|drizzle-orm|better-sqlite3|undici|pino)/;

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Path from the root for our own sources, else null. */
  readonly target: string | null;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

const imports: Import[] = ['app', 'db', 'jobs', 'lib'].flatMap(sources).flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const target = specifier.startsWith('#')
      ? specifier.slice(1)
      : specifier.startsWith('.')
        ? relative(ROOT, resolve(ROOT, dirname(file), specifier))
        : null;
    return { file, specifier, target };
  }),
);

const isIn = (file: string, folder: string) => file.startsWith(`${folder}/`);
/** No layer: whoever says the version takes it from there. */
const MANIFEST = 'package.json';

describe('imports', () => {
  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('go down the layers only', () => {
    const wrong = imports.filter(({ file, target }) => {
      const layer = LAYERS.find(({ folder }) => isIn(file, folder));
      if (target === null || target === MANIFEST || layer === undefined) return false;
      return !layer.mayImport.some((folder) => isIn(target, folder));
    });
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('keep the pure parts free of Node, frameworks and databases', () => {
    const wrong = imports.filter(
      ({ file, specifier }) => PURE.some((folder) => isIn(file, folder)) && IMPURE.test(specifier),
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('leave Drizzle to services and db', () => {
    const wrong = imports.filter(
      ({ file, specifier }) => specifier.startsWith('drizzle-') && !isIn(file, 'lib/services') && !isIn(file, 'db'),
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('keep client components away from services and db', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        isIn(file, 'app') &&
        target !== null &&
        (isIn(target, 'lib/services') || isIn(target, 'db')) &&
        /^\s*['"]use client['"]/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });

  it('name their endings, so that Node runs the sources as they are', () => {
    const wrong = imports.filter(({ target }) => target !== null && !/\.(?:tsx?|css|json|svg)$/.test(target));
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([]);
  });
});
