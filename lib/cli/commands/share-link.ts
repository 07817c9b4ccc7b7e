import { formatUtc } from '#lib/provenance/format.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { createShareLink, MOST_SHARE_DAYS } from '#lib/services/sharing/create-share-link.ts';
import { findTarget } from '#lib/services/sharing/target.ts';
import { type CliCommand, UsageError } from '../command.ts';
import { print, printFacts, printJson } from '../output.ts';
import { DATABASE_OPTIONS, readShown, SHOWN_OPTIONS, withSharing } from '../share-input.ts';

const DEFAULT_DAYS = '14d';
const MAX_NOTE = 200;

export const shareLink: CliCommand = {
  options: [
    ...SHOWN_OPTIONS,
    {
      flags: '--expires <days>',
      description: `When it runs out: 1d to ${MOST_SHARE_DAYS}d; ${DEFAULT_DAYS} if not said`,
    },
    { flags: '--note <text>', description: 'For whom it is' },
    { flags: '--json', description: 'Print one JSON object' },
    ...DATABASE_OPTIONS,
  ],
  examples: ['modeltrail share link granite --model-version 1.0 --expires 7d --note "for the auditors"'],
  exitCodes: {
    0: 'made: the link is printed this once',
    1: 'not made: the model or version is not known',
    2: 'no answer: wrong arguments, or no database',
  },
  run(input) {
    const model = input.positional(0) ?? '';
    if (model === '') throw new UsageError('Name the model to share, by its exact name or slug.');
    const parts = readShown(input);
    const days = readDays(input.text('expires') ?? DEFAULT_DAYS);
    const note = input.text('note') ?? '';
    if (note.length > MAX_NOTE) throw new UsageError(`A note has at most ${MAX_NOTE} characters.`);
    return withSharing(input, (ctx) => {
      const target = findTarget(ctx.database.db, model, input.text('model-version') ?? null);
      const made = createShareLink(ctx, { ...target, parts, note, days, actor: { kind: 'command-line' } });
      const address = `${publicAddress(ctx.database) ?? ''}/s/${made.secret}`;
      if (input.flag('json')) return printJson({ id: made.id, address, expiresAt: made.expiresAt });
      print(address, '');
      printFacts([
        ['Id', made.id],
        ['Runs out', formatUtc(made.expiresAt)],
      ]);
      print('', 'Keep it now: it is not stored, and cannot be shown again.');
    });
  },
};

function readDays(text: string): number {
  const days = Number(/^([1-9]\d{0,2})d$/.exec(text.trim())?.[1] ?? Number.NaN);
  if (days <= MOST_SHARE_DAYS) return days;
  throw new UsageError(`--expires ${JSON.stringify(text)} is not 1d to ${MOST_SHARE_DAYS}d.`);
}
