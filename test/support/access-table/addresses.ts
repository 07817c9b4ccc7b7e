import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const API = '/api/v1/[[...route]]';

/** A route handler as it stands in the sources. */
export interface FoundHandler {
  readonly method: string;
  readonly address: string;
}

/** The addresses of all pages, as their folders give them. */
export function findPages(): string[] {
  return sources(/\/page\.tsx$/)
    .filter(isRoute)
    .map(addressOf)
    .sort();
}

/** All route handlers but the API, whose operations say themselves who may ask. */
export function findHandlers(): FoundHandler[] {
  return sources(/\/route\.ts$/)
    .filter(isRoute)
    .flatMap((file) => methodsOf(file).map((method) => ({ method, address: addressOf(file) })))
    .filter(({ address }) => address !== API)
    .sort((a, b) => `${a.address} ${a.method}`.localeCompare(`${b.address} ${b.method}`, 'en'));
}

/** All files of server actions. */
export function findActions(): string[] {
  return sources(/\.tsx?$/)
    .filter((file) => /^\s*'use server'/m.test(readFileSync(join(ROOT, file), 'utf8')))
    .sort();
}

function sources(name: RegExp): string[] {
  return readdirSync(join(ROOT, 'app'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => name.test(`/${file}`));
}

/** What lies in a folder that begins with an underscore is no route of Next.js. */
function isRoute(file: string): boolean {
  return !file.includes('/_');
}

function addressOf(file: string): string {
  const parts = file.split('/').slice(1, -1);
  return `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join('/')}`;
}

function methodsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const exported = /export (?:async )?(?:function|const) (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/g;
  const named = /export \{([^}]*)\}/g;
  const listed = [...text.matchAll(named)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().split(/ as /).at(-1) ?? ''),
  );
  return [...text.matchAll(exported)]
    .map(([, method = '']) => method)
    .concat(listed.filter((name) => /^[A-Z]+$/.test(name)));
}
