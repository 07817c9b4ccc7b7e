import type { LabelledValue } from '#lib/attestation/facts.ts';

/** A file of a signed manifest. */
export interface ListedFile {
  readonly path: string;
  readonly algorithm: string;
  readonly digest: string;
}

export type FileChange =
  | { readonly kind: 'added' | 'removed'; readonly file: ListedFile }
  | { readonly kind: 'changed' | 'renamed'; readonly before: ListedFile; readonly file: ListedFile };

export interface FileDiff {
  /** By path: of a renamed file the new one. */
  readonly changes: readonly FileChange[];
  readonly unchanged: number;
}

/**
 * What became of the files between two versions. A file whose digest lies under a path that is new, while its own path
 * is gone, was renamed; several with one digest are paired in the order of their paths.
 */
export function diffFiles(before: readonly ListedFile[], after: readonly ListedFile[]): FileDiff {
  const old = new Map(before.map((file) => [file.path, file]));
  const young = new Map(after.map((file) => [file.path, file]));
  // The last path first, so that the first is taken from the end.
  const missing = before.filter(({ path }) => !young.has(path)).sort((a, b) => byPath(b, a));
  const gone = Map.groupBy(missing, contentOf);
  const changes: FileChange[] = [];
  let unchanged = 0;
  for (const file of [...after].sort(byPath)) {
    const same = old.get(file.path);
    if (same) {
      if (contentOf(same) === contentOf(file)) unchanged++;
      else changes.push({ kind: 'changed', before: same, file });
      continue;
    }
    const renamed = gone.get(contentOf(file))?.pop();
    changes.push(renamed ? { kind: 'renamed', before: renamed, file } : { kind: 'added', file });
  }
  for (const left of gone.values()) for (const file of left) changes.push({ kind: 'removed', file });
  return { changes: changes.sort((a, b) => byPath(a.file, b.file)), unchanged };
}

/** One labelled value in two versions; null where one of them does not state it. */
export interface LabelledDiff {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Parameters or environment side by side, in the order of their labels; a label stated twice has its values joined. */
export function diffLabelled(before: readonly LabelledValue[], after: readonly LabelledValue[]): LabelledDiff[] {
  const old = valuesByLabel(before);
  const young = valuesByLabel(after);
  return [...new Set([...old.keys(), ...young.keys()])]
    .sort()
    .map((label) => ({ label, before: old.get(label) ?? null, after: young.get(label) ?? null }));
}

function valuesByLabel(values: readonly LabelledValue[]): Map<string, string> {
  const byLabel = new Map<string, Set<string>>();
  for (const { label, value } of values) {
    const known = byLabel.get(label);
    if (known) known.add(value);
    else byLabel.set(label, new Set([value]));
  }
  return new Map([...byLabel].map(([label, all]) => [label, [...all].sort().join(', ')]));
}

function contentOf({ algorithm, digest }: ListedFile): string {
  return `${algorithm}:${digest}`;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
