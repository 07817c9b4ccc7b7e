/** What a file may hold, by the names that signing clients and people give: one bundle, one a line, or GitHub's list. */
export type BundleFileForm = 'bundle' | 'lines' | 'github-list';

const BUNDLE = /(?:\.sig|\.sigstore|\.bundle|\.intoto)(?:\.json)?$/i;
const LINES = /\.jsonl$/i;
const GITHUB_LIST = /(?:^|[._-])attestations\.json$/i;

/** The form that a file's name promises; null for files that are not opened. */
export function bundleFormOf(name: string): BundleFileForm | null {
  if (BUNDLE.test(name)) return 'bundle';
  if (LINES.test(name)) return 'lines';
  return GITHUB_LIST.test(name) ? 'github-list' : null;
}
