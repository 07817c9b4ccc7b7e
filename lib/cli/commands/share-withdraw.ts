import { withdraw } from '#lib/services/sharing/withdraw.ts';
import { type CliCommand, UsageError } from '../command.ts';
import { print } from '../output.ts';
import { DATABASE_OPTIONS, withSharing } from '../share-input.ts';

export const shareWithdraw: CliCommand = {
  options: DATABASE_OPTIONS,
  examples: ['modeltrail share withdraw granite'],
  exitCodes: {
    0: 'taken back: the address says so, and shows nothing more',
    1: 'no public page has this slug',
    2: 'no answer: wrong arguments, or no database',
  },
  run(input) {
    const slug = input.positional(0) ?? '';
    if (slug === '') throw new UsageError('Name the page to take back by what stands behind /p/ in its address.');
    return withSharing(input, (ctx) => {
      withdraw(ctx, { slug, actor: { kind: 'command-line' } });
      print(`/p/${slug} is taken back. Caches may show it for a minute.`);
    });
  },
};
