import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  /** Whether it is a script, which may run as a worker and then has the policy that it comes with. */
  readonly isScript: boolean;
}

interface Assets {
  /** Of all of them: addresses with it never change their content. */
  readonly hash: string;
  readonly files: ReadonlyMap<string, Asset>;
}

/** What a page loads first; everything else is imported by it, most of it only once files are chosen. */
const SCRIPTS = ['lib/browser/public-page/main.ts', 'lib/browser/hash-worker.ts'];

const FONTS = 'node_modules/@fontsource-variable';
const PLAIN: Readonly<Record<string, readonly [path: string, type: string]>> = {
  'icon.svg': ['public/icon.svg', 'image/svg+xml'],
  'inter.woff2': [`${FONTS}/inter/files/inter-latin-wght-normal.woff2`, 'font/woff2'],
  'jetbrains-mono.woff2': [`${FONTS}/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2`, 'font/woff2'],
};
const STYLES = ['app/tokens.css', 'app/_public/public.css'];

/** Where a library's modules lie, by the start of what they are imported as. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'hash-wasm': 'node_modules/hash-wasm/dist/index.esm.min.js',
  '@noble/hashes/': 'node_modules/@noble/hashes/',
};

/** An import, or the address of a worker. Ours are written by one formatter, and libraries come bundled. */
const SPECIFIER = /((?:from|import)\s*\(?\s*|new URL\(\s*)(['"])([^'"\n]+)\2/g;

let made: Assets | null = null;

/**
 * Everything that public pages load, under addresses with a hash of it. Scripts are our sources without their types: what
 * hashes a stranger's files can be read as it was written, and pages need no framework.
 */
export function publicAssets(): Assets {
  made ??= makeAssets();
  return made;
}

function makeAssets(): Assets {
  const files = new Map<string, Asset>();
  for (const path of SCRIPTS) addScript(files, path);
  for (const [name, [path, type]] of Object.entries(PLAIN))
    files.set(name, { type, bytes: read(path), isScript: false });
  const style = Buffer.concat(STYLES.map(read));
  files.set('style.css', { type: 'text/css; charset=utf-8', bytes: style, isScript: false });
  const hash = createHash('sha256');
  for (const [name, { bytes }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0`).update(bytes);
  return { hash: hash.digest('hex').slice(0, 16), files };
}

/** A script with all that it imports. */
function addScript(files: Map<string, Asset>, path: string): void {
  if (files.has(path)) return;
  const type = 'text/javascript; charset=utf-8';
  files.set(path, { type, bytes: Buffer.alloc(0), isScript: true });
  const source = read(path).toString();
  const code = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const linked = code.replace(SPECIFIER, (_, before: string, quote: string, specifier: string) => {
    const target = resolve(path, specifier);
    addScript(files, target);
    return `${before}${quote}${relative(path, target)}${quote}`;
  });
  files.set(path, { type, bytes: Buffer.from(linked), isScript: true });
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  for (const [start, place] of Object.entries(LIBRARIES)) {
    if (specifier === start) return place;
    if (start.endsWith('/') && specifier.startsWith(start)) return place + specifier.slice(start.length);
  }
  throw new Error(`${from} imports ${specifier}, which public pages do not have.`);
}

function relative(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

function read(path: string): Buffer {
  const root = process.env.MODELTRAIL_ROOT ?? process.cwd();
  return readFileSync(join(/* turbopackIgnore: true */ root, path));
}
