import { formatPlural } from './format.ts';
import type { State } from './state.ts';
import type { AnswerVersion, Expectation, FileState, VerificationAnswer, VerificationOutcome } from './verification.ts';

/** What files are, in a word. "Verified" is about who signed these bytes: it never says that a model is harmless. */
export const OUTCOME: Readonly<Record<VerificationOutcome, State>> = {
  verified: {
    tone: 'proven',
    word: 'Verified',
    meaning: 'Every file is as signed, by who is expected to sign, and the signature is logged.',
  },
  'signed-not-logged': {
    tone: 'claimed',
    word: 'Signed, not logged',
    meaning: 'Every file is as signed, by a key or authority that is trusted here, but no log shows when.',
  },
  'unexpected-signer': {
    tone: 'broken',
    word: 'Unexpected signer',
    meaning: 'Every file is as signed, but by nobody who is expected to sign it.',
  },
  unsigned: {
    tone: 'claimed',
    word: 'Known, unsigned',
    meaning: 'Every file is as registered or as seen in a source, but nobody has shown a good signature.',
  },
  partial: {
    tone: 'claimed',
    word: 'Part of it',
    meaning: 'What was given and compared is right, but files of the version were not given.',
  },
  differs: {
    tone: 'broken',
    word: 'Differs',
    meaning: 'Close to a known version, but not the same: files were changed, added, renamed or are missing.',
  },
  'not-comparable': {
    tone: 'unknown',
    word: 'Not comparable',
    meaning: 'A version is known that it could be, but it was hashed in another way.',
  },
  unknown: { tone: 'unknown', word: 'Unknown', meaning: 'No version known here has any of these files.' },
};

export const FILE_STATE: Readonly<Record<FileState, State>> = {
  matches: { tone: 'proven', word: 'Matches', meaning: 'The hash is the one that the version lists.' },
  differs: { tone: 'broken', word: 'Differs', meaning: 'The version lists another hash under this name.' },
  missing: { tone: 'broken', word: 'Missing', meaning: 'The version lists it, and it was not given.' },
  renamed: {
    tone: 'broken',
    word: 'Renamed',
    meaning: 'Its content is there, but under another name than the version lists.',
  },
  extra: { tone: 'broken', word: 'Extra', meaning: 'It was given, and the version does not list it.' },
  'left-out': { tone: 'unknown', word: 'Left out', meaning: 'The version lists it, and the sender did not hash it.' },
  'no-digest': {
    tone: 'unknown',
    word: 'No hash',
    meaning: 'The version lists it, and it was given without a hash that can be compared.',
  },
  ignored: {
    tone: 'unknown',
    word: 'Ignored',
    meaning: 'The version does not list it, and a rule leaves it out: nobody vouches for it.',
  },
  empty: { tone: 'unknown', word: 'Empty', meaning: 'Without a byte: a list of shards says nothing of it.' },
};

type Facts = Pick<VerificationAnswer, 'outcome' | 'version' | 'counts' | 'list' | 'expected' | 'notices'>;

/** What the files are, how that is known, and what refuses them, in a few sentences. Never that a model is safe: no hash shows that. */
export function answerSentence(answer: Facts): string {
  const unmet = answer.expected?.isMet === false ? ` ${answer.expected.sentence}` : '';
  const refused = answer.notices.flatMap(({ refuses, sentence }) => (refuses ? ` ${sentence}` : []));
  return `${outcomeSentence(answer)}${unmet}${refused.join('')}`;
}

function outcomeSentence({ outcome, version, counts, list, expected }: Omit<Facts, 'notices'>): string {
  const given = formatPlural(list.files, 'file');
  if (!version) {
    return outcome === 'not-comparable'
      ? 'A model of that name is known, but its versions were hashed in another way.'
      : `No version known here has any of the ${given}: nothing can be said of them.`;
  }
  const name = versionName(version);
  const all = `All ${formatPlural(version.fileCount, 'file')} of ${name} ${are(version.fileCount)}`;
  const { signatureReason: reason, seenAs, matching } = version;
  switch (outcome) {
    case 'verified':
      return `${all} there as signed, and the signature is logged. ${reason}`;
    case 'signed-not-logged':
      return `${all} there as signed, but no log holds the signature. ${reason}`;
    case 'unexpected-signer':
      return `${all} there as signed, but by nobody who is expected to sign. ${reason}`;
    case 'unsigned':
      return `${all} there as ${seenAs === 'registered' ? 'registered' : 'seen before'}, but not signed. ${reason}`;
    case 'partial':
      return `${formatPlural(matching, 'file')} of ${name} ${are(matching)} as listed; ${unseen(counts)}. ${reason}`;
    case 'not-comparable':
      return `${name} is known, but was hashed in another way, so its files cannot be compared with these.`;
    default:
      return expected
        ? `Not the same as ${name}: ${differences(counts)}.`
        : `Not the same as ${name}, the closest that is known: ${differences(counts)}.`;
  }
}

/** Whether files are what the sender said, and what else they are. `actual` is the closest other version. */
export function expectationSentence(
  { model, version }: Expectation,
  isMet: boolean,
  actual: { readonly closeness: string; readonly version: Pick<AnswerVersion, 'modelName' | 'label' | 'root'> } | null,
): string {
  const meant = `${JSON.stringify(model)}${version === null ? '' : ` ${version}`}`;
  if (isMet) return `They are the files that were expected: ${meant}.`;
  const instead = actual?.closeness === 'same' ? ` They are ${versionName(actual.version)} instead.` : '';
  return `They are not the files that were expected: ${meant}.${instead}`;
}

function versionName({ modelName, label, root }: Pick<AnswerVersion, 'modelName' | 'label' | 'root'>): string {
  return `${JSON.stringify(modelName)} ${label ?? root.slice(0, 12)}`;
}

function unseen(counts: VerificationAnswer['counts']): string {
  return inWords([
    [counts.missing, 'was not given', 'were not given'],
    [counts['left-out'], 'was left out by the sender', 'were left out by the sender'],
    [counts['no-digest'], 'has no hash to compare', 'have no hash to compare'],
  ]);
}

/** How a list differs from a version: `1 file differs, 2 files are missing`. */
export function differences(counts: VerificationAnswer['counts']): string {
  return inWords([
    [counts.differs, 'differs', 'differ'],
    [counts.missing, 'is missing', 'are missing'],
    [counts.renamed, 'has another name', 'have another name'],
    [counts.extra, 'is not listed', 'are not listed'],
    [counts['left-out'], 'was left out by the sender', 'were left out by the sender'],
    [counts['no-digest'], 'has no hash to compare', 'have no hash to compare'],
  ]);
}

function inWords(parts: readonly (readonly [number, string, string])[]): string {
  const said = parts.filter(([count]) => count > 0);
  if (said.length === 0) return 'no file can be compared';
  return said.map(([count, one, many]) => `${formatPlural(count, 'file')} ${count === 1 ? one : many}`).join(', ');
}

const are = (count: number): string => (count === 1 ? 'is' : 'are');
