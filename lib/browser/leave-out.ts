import { type IgnoreRule, IgnoreRules } from '#lib/model-signing/ignore.ts';
import type { PickedFile } from './picked-file.ts';

export interface LeftOut {
  readonly rule: IgnoreRule;
  readonly files: number;
  readonly bytes: number;
}

export interface Kept {
  readonly files: readonly PickedFile[];
  /** Rules that left something out, by path. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * Leaves out what no signature covers: the paths of Git, where `defaults` says so, and those that somebody named.
 *
 * @param paths from the model's folder, each with all below it; no patterns.
 */
export function leaveOut(files: readonly PickedFile[], paths: readonly string[], defaults: boolean): Kept {
  const rules = new IgnoreRules({ defaults, operator: paths });
  const leftOut = new Map<string, LeftOut>();
  const kept = files.filter(({ path, file }) => {
    const rule = rules.find(path);
    if (rule === null) return true;
    const before = leftOut.get(rule.path);
    leftOut.set(rule.path, { rule, files: (before?.files ?? 0) + 1, bytes: (before?.bytes ?? 0) + file.size });
    return false;
  });
  return { files: kept, leftOut: [...leftOut.values()].sort((a, b) => (a.rule.path < b.rule.path ? -1 : 1)) };
}
