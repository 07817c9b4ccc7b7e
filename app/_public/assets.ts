import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_SCRIPTS, builtScriptsSchema } from './built-scripts.ts';
import { linkScripts } from './link-scripts.ts';

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

const FONTS = 'node_modules/@fontsource-variable';
const PLAIN: Readonly<Record<string, readonly [path: string, type: string]>> = {
  'icon.svg': ['public/icon.svg', 'image/svg+xml'],
  'inter.woff2': [`${FONTS}/inter/files/inter-latin-wght-normal.woff2`, 'font/woff2'],
  'jetbrains-mono.woff2': [`${FONTS}/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2`, 'font/woff2'],
};
const STYLES = ['app/tokens.css', 'app/_public/public.css'];

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
  const type = 'text/javascript; charset=utf-8';
  for (const [path, code] of scripts()) files.set(path, { type, bytes: Buffer.from(code), isScript: true });
  for (const [name, [path, type]] of Object.entries(PLAIN))
    files.set(name, { type, bytes: read(path), isScript: false });
  const style = Buffer.concat(STYLES.map(read));
  files.set('style.css', { type: 'text/css; charset=utf-8', bytes: style, isScript: false });
  const hash = createHash('sha256');
  for (const [name, { bytes }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${name}\0`).update(bytes);
  return { hash: hash.digest('hex').slice(0, 16), files };
}

/** As they were built; where pages follow their sources, as those are now. */
function scripts(): ReadonlyMap<string, string> {
  if (process.env.NODE_ENV !== 'production') return linkScripts(read);
  return new Map(Object.entries(builtScriptsSchema.parse(JSON.parse(read(BUILT_SCRIPTS).toString()))));
}

function read(path: string): Buffer {
  const root = process.env.MODELTRAIL_ROOT ?? process.cwd();
  return readFileSync(join(/* turbopackIgnore: true */ root, path));
}
