import type { HashList } from './hash-list.ts';

/** Files looked at to choose a folder; more would not choose another. */
const SAMPLE = 64;

/** Folders in each other that are taken off; a hostile path has two thousand. */
const MAX_DEPTH = 64;

type Listed = Pick<HashList, 'files'>;

/**
 * The folders that stand before all paths of a list, the longest first and at last none (``): a list is often made from
 * outside of the model's folder.
 *
 * @param isAside files that need not lie in it, such as a signature beside the folder.
 */
export function prefixesOf({ files }: Listed, isAside: (path: string) => boolean = () => false): string[] {
  const paths = files.map(({ path }) => path).filter((path) => !isAside(path));
  const [first, ...rest] = paths;
  if (first === undefined) return [''];
  let common = first.slice(0, Math.max(0, first.lastIndexOf('/')));
  for (const path of rest) {
    while (common !== '' && !path.startsWith(`${common}/`))
      common = common.slice(0, Math.max(0, common.lastIndexOf('/')));
    if (common === '') break;
  }
  const prefixes = [];
  while (common !== '') {
    prefixes.push(common);
    common = common.slice(0, Math.max(0, common.lastIndexOf('/')));
  }
  return [...prefixes.slice(-MAX_DEPTH), ''];
}

/**
 * Of all folders before the paths, the one without which most of them are among `known`; none where that is as good.
 * The work is bounded: a sample of the files decides.
 */
export function bestPrefix(
  list: Listed,
  known: { has(path: string): boolean },
  isAside?: (path: string) => boolean,
): string {
  const step = Math.max(1, Math.floor(list.files.length / SAMPLE));
  const sample = list.files.filter((_, i) => i % step === 0);
  let [best, most] = ['', -1];
  for (const prefix of prefixesOf(list, isAside).reverse()) {
    const hits = sample.filter(({ path }) => known.has(withoutPrefix(path, prefix))).length;
    if (hits > most) [best, most] = [prefix, hits];
  }
  return best;
}

/** Without the folder before it; what does not lie in the folder keeps its path. */
export function withoutPrefix(path: string, prefix: string): string {
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
}
