import type { OpenDatabase } from '#db/client.ts';
import { countAdmins } from './count-admins.ts';

/** Whether nobody can sign in as admin yet, so that the code of the console makes the first. */
export async function needsSetup({ db }: OpenDatabase): Promise<boolean> {
  return countAdmins(db) === 0;
}
