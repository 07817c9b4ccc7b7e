import { dirname } from 'node:path';
import type { z } from 'zod';
import { explain } from './explain.ts';
import { resolvePaths } from './load.ts';
import { type Config, configSchema } from './schema.ts';
import type { ItemProblem } from './setting-section.ts';
import { listOf, SETTING_SECTION_KEYS, SETTING_SECTIONS, withList } from './setting-sections.ts';
import { markPublicOnly } from './sources-schema.ts';
import { type ReadItem, readStoredItem, type StoredItem } from './stored-item.ts';

/** The file that items are added to. */
export interface ComposedFile {
  /** Absolute: relative paths in it start at its folder. */
  readonly path: string;
  /** Its content before defaults and transformations. */
  readonly written: unknown;
}

/** A stored item that is not part of the configuration, though it is switched on. */
export interface SetAside {
  readonly section: string;
  readonly name: string;
  /** `in-file`: the file has an item of this name, and wins. */
  readonly why: 'in-file' | 'invalid';
  readonly problems: readonly ItemProblem[];
}

/** What the file and the stored items come to. */
export interface Composition {
  /** All paths in it are absolute. */
  readonly config: Config;
  /** The stored items that are part of it. */
  readonly taken: readonly StoredItem[];
  readonly setAside: readonly SetAside[];
}

/** The file alone is no configuration of this version. */
export class FileNotUsableError extends Error {
  override readonly name = 'FileNotUsableError';
}

/** Each round takes out items that are at fault; what is not settled by then is settled without any. */
const MAX_ROUNDS = 20;
const MAX_PROBLEMS = 5;

/**
 * The one place where the file and what was made in the browser become one configuration. Items of the file come first,
 * and nothing stored changes or shadows them; stored items that are switched on follow, in the order given. The whole is
 * held to the schema of the file. A stored item that is at fault is set aside with the reason, and stops nothing else.
 *
 * @throws {FileNotUsableError} where the file does not hold by itself.
 */
export function composeConfig(file: ComposedFile, items: readonly StoredItem[]): Composition {
  const setAside: SetAside[] = [];
  const written = file.written as Readonly<Record<string, unknown>>;
  let kept = candidates(written, items, setAside);
  for (let round = 0; ; round++) {
    const result = configSchema.safeParse(merge(written, kept), { reportInput: true });
    if (result.success)
      return { config: finish(file, result.data, kept), taken: kept.map(({ item }) => item), setAside };
    if (kept.length === 0) throw new FileNotUsableError(`${file.path} is no configuration of this version.`);
    const faults = round < MAX_ROUNDS ? attribute(written, kept, result.error.issues) : new Map();
    const out = faults.size > 0 ? faults : new Map(kept.map((read) => [read, NOT_TOGETHER]));
    for (const [{ item }, problems] of out) setAside.push({ ...keyOf(item), why: 'invalid', problems });
    kept = kept.filter((read) => !out.has(read));
  }
}

const NOT_TOGETHER: readonly ItemProblem[] = [
  { path: [], message: 'does not go together with the rest of the configuration', mend: 'Disable what was added last' },
];

/** Names are told apart as people tell them apart: what looks like an item of the file to them must not stand beside it. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

function candidates(
  written: Readonly<Record<string, unknown>>,
  items: readonly StoredItem[],
  setAside: SetAside[],
): ReadItem[] {
  const namesOfFile = new Map(
    SETTING_SECTION_KEYS.map((key) => [key, new Set(listOf(written, key).map((item) => foldName(nameOf(item))))]),
  );
  return items.flatMap((item) => {
    if (!item.enabled) return [];
    const read = readStoredItem(item);
    if (!('section' in read)) {
      setAside.push({ ...keyOf(item), why: 'invalid', problems: read });
      return [];
    }
    if (!namesOfFile.get(read.section)?.has(foldName(item.name))) return [read];
    const message = 'is the name of an item of the file, which comes first';
    setAside.push({
      ...keyOf(item),
      why: 'in-file',
      problems: [{ path: ['name'], message, mend: 'Remove this one, or take the other out of the file' }],
    });
    return [];
  });
}

function merge(written: Readonly<Record<string, unknown>>, kept: readonly ReadItem[]): unknown {
  let merged: unknown = written;
  for (const [key, reads] of Map.groupBy(kept, ({ section }) => section)) {
    const list = [...listOf(written, key), ...reads.map((read) => read.written)];
    merged = withList(merged, key, list);
  }
  return merged;
}

/** Which stored items the schema finds fault with. */
function attribute(
  written: Readonly<Record<string, unknown>>,
  kept: readonly ReadItem[],
  issues: readonly z.core.$ZodIssue[],
): Map<ReadItem, ItemProblem[]> {
  const faults = new Map<ReadItem, ItemProblem[]>();
  const bySection = Map.groupBy(kept, ({ section }) => section);
  for (const issue of issues) {
    const [key, reads] =
      [...bySection].find(([section]) => startsWith(issue.path, SETTING_SECTIONS[section].path)) ?? [];
    if (key === undefined || reads === undefined) continue;
    const depth = SETTING_SECTIONS[key].path.length;
    const index = issue.path[depth];
    const inFile = listOf(written, key).length;
    if (issue.code === 'too_big' && index === undefined) {
      for (const read of reads.slice(Math.max(0, Number(issue.maximum) - inFile))) {
        const message = `is one too many: there may be ${issue.maximum} in all`;
        add(faults, read, { path: [], message, mend: 'Remove others' });
      }
      continue;
    }
    const read = typeof index === 'number' ? reads[index - inFile] : undefined;
    if (read === undefined || (faults.get(read)?.length ?? 0) >= MAX_PROBLEMS) continue;
    for (const { path, message, mend } of explain(issue))
      add(faults, read, { path: path.slice(depth + 1), message, mend });
  }
  return faults;
}

function startsWith(path: readonly PropertyKey[], start: readonly string[]): boolean {
  return start.every((part, i) => path[i] === part);
}

function add(faults: Map<ReadItem, ItemProblem[]>, read: ReadItem, problem: ItemProblem): void {
  faults.set(read, [...(faults.get(read) ?? []), problem]);
}

function finish({ path }: ComposedFile, config: Config, kept: readonly ReadItem[]): Config {
  const resolved = resolvePaths(config, dirname(path));
  const added = kept.filter(({ section }) => section === 'sources').length;
  const first = resolved.sources.length - added;
  return { ...resolved, sources: resolved.sources.map((source, i) => (i < first ? source : markPublicOnly(source))) };
}

/** What an item of the file calls itself; '' where it does not. */
export function nameOf(item: unknown): string {
  const name = (item as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : '';
}

function keyOf({ section, name }: StoredItem): { readonly section: string; readonly name: string } {
  return { section, name };
}
