import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';

/** A file of the project, by its path from the root. */
type Read = (path: string) => Buffer;

/** What a page loads first; everything else is imported by it, most of it only once files are chosen. */
const SCRIPTS = ['lib/browser/public-page/main.ts', 'lib/browser/hash-worker.ts'];

/** Where a library's modules lie, by the start of what they are imported as. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'hash-wasm': 'node_modules/hash-wasm/dist/index.esm.min.js',
  '@noble/hashes/': 'node_modules/@noble/hashes/',
};

/** An import, or the address of a worker. Ours are written by one formatter, and libraries come bundled. */
const SPECIFIER = /((?:from|import)\s*\(?\s*|new URL\(\s*)(['"])([^'"\n]+)\2/g;

/**
 * The scripts of public pages by path: our sources without their types, linked to each other by relative addresses. Node still
 * calls what takes the types away experimental, and says so: this is for the build and for development, not for a server.
 */
export function linkScripts(read: Read): ReadonlyMap<string, string> {
  const scripts = new Map<string, string>();
  for (const path of SCRIPTS) addScript(scripts, path, read);
  return scripts;
}

/** A script with all that it imports. */
function addScript(scripts: Map<string, string>, path: string, read: Read): void {
  if (scripts.has(path)) return;
  scripts.set(path, '');
  const source = read(path).toString();
  const code = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  const linked = code.replace(SPECIFIER, (_, before: string, quote: string, specifier: string) => {
    const target = resolve(path, specifier);
    addScript(scripts, target, read);
    return `${before}${quote}${relative(path, target)}${quote}`;
  });
  scripts.set(path, linked);
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
