import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { changeUser, type UserChange } from '#lib/services/access/change-user.ts';
import { namedAccount, withDatabase } from './account.ts';
import { EXIT, type ExitCode } from './command.ts';
import { quietContext } from './database.ts';
import type { CommandInput } from './input.ts';
import { print } from './output.ts';

/** Changes the account that a command names, and says so; an account that must stay as it is, is exit code 1. */
export async function changeAccount(input: CommandInput, change: UserChange, done: string): Promise<ExitCode> {
  return withDatabase(input, async (database) => {
    const user = await namedAccount(database, input.positional(0) ?? '');
    try {
      changeUser(quietContext(database), user.id, change, { kind: 'command-line' });
      print(`${user.name} ${done}`);
      return EXIT.good;
    } catch (error) {
      if (!(error instanceof AccessRefusedError)) throw error;
      print(error.message);
      return EXIT.bad;
    }
  });
}
