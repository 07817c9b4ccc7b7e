import type { FileState } from '#lib/hash-list/file-answer.ts';
import type { HeldList } from '#lib/hash-list/hold-against.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import type { Tone } from '#lib/provenance/state.ts';

export interface FilesVerdict {
  readonly tone: Exclude<Tone, 'unknown'>;
  /** One sentence for people. */
  readonly words: string;
}

/** What a state of a file is called in the answer. */
export const FILE_WORDS: Readonly<Record<FileState, string>> = {
  differs: 'Changed',
  missing: 'Missing',
  renamed: 'Renamed',
  extra: 'Not on the list',
  'left-out': 'Left out',
  'no-digest': 'Could not be hashed',
  ignored: 'Not covered',
  empty: 'Empty',
  matches: 'Same',
};

/**
 * Whether files are those of the page, in one sentence. A changed file, or one that nobody listed, is no small thing: either
 * could be what harms.
 *
 * @param isForbidden whether the version must not be used, whatever its files are.
 */
export function filesVerdict({ counts }: Pick<HeldList, 'counts'>, isForbidden: boolean): FilesVerdict {
  const { differs, missing, renamed, extra, matches, empty } = counts;
  const unread = counts['no-digest'] + counts['left-out'];
  if (differs > 0) {
    return { tone: 'broken', words: `No: ${files(differs)} changed. Do not use them.` };
  }
  if (matches + empty === 0) return { tone: 'broken', words: 'No: none of these files is on the list of this page.' };
  if (renamed > 0)
    return { tone: 'broken', words: `Not quite: ${files(renamed)} under another name than on the list.` };
  if (unread > 0) return { tone: 'claimed', words: `Not known: ${files(unread)} could not be hashed.` };
  if (extra > 0) {
    return {
      tone: 'claimed',
      words: `Not only: ${files(extra)} not on the list, so that nobody vouches for ${extra === 1 ? 'it' : 'them'}.`,
    };
  }
  if (isForbidden) {
    return { tone: 'broken', words: 'They are the files of this page, and must not be used: see the warning above.' };
  }
  if (missing > 0) {
    return {
      tone: 'claimed',
      words: `The same as far as they go: ${formatPlural(matches + empty, 'file')} match, ${files(missing)} missing.`,
    };
  }
  return { tone: 'proven', words: `Yes: ${formatPlural(matches + empty, 'file')}, all the same as on this page.` };
}

function files(count: number): string {
  return `${formatPlural(count, 'file')} ${count === 1 ? 'is' : 'are'}`;
}
