import { publicAddress } from '#lib/services/config/public-address.ts';
import { changePublication } from '#lib/services/sharing/change.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { readPublished } from '#lib/services/sharing/read-published.ts';
import { findTarget } from '#lib/services/sharing/target.ts';
import { type CliCommand, UsageError } from '../command.ts';
import { print, printJson } from '../output.ts';
import { DATABASE_OPTIONS, readShown, SHOWN_OPTIONS, withSharing } from '../share-input.ts';

export const sharePublish: CliCommand = {
  options: [
    ...SHOWN_OPTIONS,
    { flags: '--slug <slug>', description: 'Its address below /p/; made of the name if not said' },
    { flags: '--json', description: 'Print one JSON object' },
    ...DATABASE_OPTIONS,
  ],
  examples: [
    'modeltrail share publish granite',
    'modeltrail share publish granite --model-version 1.0 --show signer,files',
  ],
  exitCodes: {
    0: 'public: the address is printed; what was public already shows now what was asked for',
    1: 'not published: the model is not known, or the address is taken',
    2: 'no answer: wrong arguments, or no database',
  },
  run(input) {
    const model = input.positional(0) ?? '';
    if (model === '') throw new UsageError('Name the model to publish, by its exact name or slug.');
    const parts = readShown(input);
    const slug = input.text('slug');
    return withSharing(input, (ctx) => {
      const actor = { kind: 'command-line' } as const;
      const target = findTarget(ctx.database.db, model, input.text('model-version') ?? null);
      const published = readPublished(ctx.database, target);
      const kept = slug === undefined || slug === published ? published : null;
      if (kept !== null) changePublication(ctx, { slug: kept, parts, actor });
      const made = kept ?? publish(ctx, { ...target, ...(slug === undefined ? {} : { slug }), parts, actor });
      const address = `${publicAddress(ctx.database) ?? ''}/p/${made}`;
      if (input.flag('json')) printJson({ slug: made, address });
      else print(`${kept !== null ? 'It was public, and shows what you asked for now' : 'Public now'}: ${address}`);
    });
  },
};
