import { setTimeout as delay } from 'node:timers/promises';
import type { OpenDatabase } from '#db/client.ts';
import { parseDuration } from '#lib/config/duration.ts';
import { getMessage, type MessageSummary } from '#lib/services/message/list.ts';
import { sendTest, UnknownChannelError } from '#lib/services/message/send-test.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { print } from '../output.ts';

const LOOK_EVERY = 200;
const DEFAULT_WAIT = '60s';

export const alertTest: CliCommand = {
  options: [
    { flags: '--wait <duration>', description: `How long to wait for the outcome; ${DEFAULT_WAIT} if not said` },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail alert test soc-mail'],
  exitCodes: {
    0: 'the test was taken by the other side',
    1: 'it was not; the reason is printed',
    2: 'no answer: no such channel or database, or the jobs that send it do not run',
  },
  async run(input) {
    const channel = input.positional(0) ?? '';
    const wait = parseDuration(input.text('wait') ?? DEFAULT_WAIT);
    if (wait === null) throw new UsageError('Write --wait as a duration: 30s, 5m.');
    const database = openExisting(databasePath(input));
    try {
      const id = sendTest(quietContext(database), channel, { kind: 'command-line' });
      const message = await outcomeOf(database, id, Date.now() + wait);
      if (message?.state === 'sent') {
        print(`${channel} took the test ${id}.`);
        return EXIT.good;
      }
      if (message?.state === 'failed') {
        print(`${channel} did not take the test ${id}. ${message.problem ?? ''}`);
        return EXIT.bad;
      }
      throw new UsageError(`The test ${id} is in the outbox and was not sent yet: do the jobs run (npm start)?`);
    } catch (error) {
      if (error instanceof UnknownChannelError) throw new UsageError(error.message);
      throw error;
    } finally {
      database.close();
    }
  },
};

async function outcomeOf(database: OpenDatabase, id: string, until: number): Promise<MessageSummary | null> {
  for (;;) {
    const message = await getMessage(database, id);
    if (message?.state !== 'pending' || Date.now() >= until) return message;
    await delay(LOOK_EVERY);
  }
}
