import { checkMirror, type MirrorReport } from '#lib/mirror/check-mirror.ts';
import { logFolder, mirrorFolder } from '#lib/mirror/layout.ts';
import { formatCount } from '#lib/provenance/format.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath } from '../database.ts';
import { print } from '../output.ts';

export const logCheckMirror: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database, beside which the mirrors lie' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail log check-mirror rekor.models.example'],
  exitCodes: {
    0: 'whole: every tile and bundle is there, and the entries give the root of the checkpoint',
    1: 'files are missing or wrong; each is named',
    2: 'no answer: wrong arguments, or no mirror of that log',
  },
  async run(input) {
    const origin = input.positional(0) ?? '';
    const folder = mirrorFolder(databasePath(input));
    const report = await checkMirror(folder, origin);
    if (!report) {
      throw new UsageError(
        `There is no mirror of ${origin} that serves anything: ${logFolder(folder, origin)} has no checkpoint. Name the database whose mirror it is with --database.`,
      );
    }
    print(...lines(origin, report));
    return report.problemCount === 0 ? EXIT.good : EXIT.bad;
  },
};

function lines(origin: string, { head, files, problems, problemCount }: MirrorReport): string[] {
  if (problemCount === 0) {
    return [
      `The mirror of ${origin} is whole: ${formatCount(files)} files, and ${formatCount(head?.size ?? 0)} entries that give the root of its checkpoint.`,
    ];
  }
  const rest = problemCount - problems.length;
  return [
    `The mirror of ${origin} is damaged: ${formatCount(problemCount)} of its files are wrong.`,
    ...problems.map(({ path, problem }) => `  ${path} ${problem}`),
    ...(rest > 0 ? [`  … and ${formatCount(rest)} more`] : []),
    'Put them back from a copy, or remove the folder: the log is mirrored anew.',
  ];
}
