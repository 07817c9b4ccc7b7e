import { resendMessage, UnknownMessageError } from '#lib/services/message/resend.ts';
import { UnknownChannelError } from '#lib/services/message/send-test.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { print } from '../output.ts';

const SAID = {
  again: 'is in the outbox again; the jobs send it in its turn.',
  waiting: 'is in the outbox already.',
  taken: 'was taken by the other side: it is not sent twice.',
} as const;

export const alertResend: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail alert resend msg_5d0c…'],
  exitCodes: {
    0: 'every one is in the outbox again',
    1: 'one or more waited already, or were taken',
    2: 'no answer: no such message or channel, or no database; those named before it are in the outbox',
  },
  run(input) {
    const database = openExisting(databasePath(input));
    try {
      const outcomes = input.positionals().map((id) => {
        const { outcome } = resendMessage(quietContext(database), id, { kind: 'command-line' });
        print(`${id} ${SAID[outcome]}`);
        return outcome;
      });
      return outcomes.every((outcome) => outcome === 'again') ? EXIT.good : EXIT.bad;
    } catch (error) {
      if (error instanceof UnknownMessageError || error instanceof UnknownChannelError)
        throw new UsageError(error.message);
      throw error;
    } finally {
      database.close();
    }
  },
};
