import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { FILE_STATES, type FileState } from '#lib/provenance/verification.ts';
import { FILE_STATE, OUTCOME } from '#lib/provenance/verification-words.ts';
import type { KnownFiles, ReportedAnswer } from './known-files.ts';
import { print, printFacts } from './output.ts';

/** Files named of one state; --json has more. */
const SHOWN = 20;
const QUIET: readonly FileState[] = ['matches', 'ignored', 'empty'];

/** Prints what files were found to be, and what of what was asked for does not hold. */
export function printKnownFiles(what: string, { receipt, answer }: KnownFiles, unmet: readonly string[]): void {
  const refused = answer.notices?.some(({ refuses }) => refuses) ? ', but refused' : '';
  print(`${what}: ${OUTCOME[answer.outcome].word.toLowerCase()}${refused}`, answer.sentence, '');
  printFacts([
    ...versionFacts(answer),
    ...signingFacts(answer),
    ...(answer.chain ? [['Chain', answer.chain.sentence] as const] : []),
    ['Findings', answer.findings.length === 0 ? 'none open' : formatPlural(answer.findings.length, 'open finding')],
    ...answer.findings.map(({ statement }) => ['', statement] as const),
    ...noticeFacts(answer),
    ...(answer.expected ? [['Expected', answer.expected.sentence] as const] : []),
    ['Receipt', receipt.url ?? receipt.id],
  ]);
  printFiles(answer);
  for (const remark of answer.list.remarks) print(`remark: ${remark}`);
  if (answer.hint !== null) print('', answer.hint);
  if (unmet.length > 0) print('', ...unmet);
}

function noticeFacts({ notices }: ReportedAnswer): [string, string][] {
  if (notices === undefined) return [['Incidents', 'not told: this server is of a version that knows none']];
  if (notices.length === 0) return [['Incidents', 'none that it is part of, and not retracted']];
  return notices.map(({ sentence }, i) => [i === 0 ? 'Incidents' : '', sentence]);
}

function versionFacts({ version }: ReportedAnswer): [string, string][] {
  if (!version) return [];
  const label = version.label === null ? '' : ` ${version.label}`;
  return [
    ['Model', `${version.modelName}${label}`],
    ['OMS root', `sha256:${version.root}`],
    ['Signature', version.signatureReason],
  ];
}

function signingFacts({ signings }: ReportedAnswer): [string, string][] {
  return signings.slice(0, SHOWN).map(({ san, issuer, signedAt, logged, origin, logIndex }, i) => {
    const who = issuer === null ? (san ?? 'a bare key') : `${san} through ${issuer}`;
    const when = signedAt === null ? 'nothing shows when' : formatUtc(signedAt);
    const where =
      logged === 'not-logged' ? 'in no log' : `${origin ?? 'a log that is not followed'}, entry ${logIndex}`;
    return [i === 0 ? 'Signed by' : '', `${who}; ${when}; ${where}`];
  });
}

function printFiles({ files, counts }: ReportedAnswer): void {
  print('');
  for (const state of FILE_STATES.filter((known) => !QUIET.includes(known))) {
    const found = files.filter((file) => file.state === state);
    for (const { path, givenAs } of found.slice(0, SHOWN)) {
      print(`${FILE_STATE[state].word.toLowerCase()}: ${path}${givenAs === null ? '' : ` (given as ${givenAs})`}`);
    }
    const left = (counts[state] ?? 0) - Math.min(found.length, SHOWN);
    if (left > 0) print(`${FILE_STATE[state].word.toLowerCase()}: and ${left} more`);
  }
  const summary = FILE_STATES.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${count} ${FILE_STATE[state].word.toLowerCase()}`];
  });
  print(`Files: ${summary.length === 0 ? 'none' : summary.join(', ')}.`);
}
