import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_SCRIPTS } from './built-scripts.ts';
import { linkScripts } from './link-scripts.ts';

// After `next build`, by jobs/build-web.ts: writes what public pages load, once, beside the pages.
const root = process.argv[2] ?? process.cwd();
const scripts = linkScripts((path) => readFileSync(join(root, path)));
writeFileSync(join(root, BUILT_SCRIPTS), JSON.stringify(Object.fromEntries(scripts)));
