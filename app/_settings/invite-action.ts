'use server';

import { headers } from 'next/headers';
import { ROLES } from '#db/schema/user.ts';
import { createLogger } from '#lib/logger.ts';
import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { type Invited, invite } from '#lib/services/access/invite.ts';
import { webConfig } from '../_server/configuration.ts';
import { readDatabase } from '../_server/database.ts';
import { refusalOfForeign } from '../_server/own-form.ts';
import { originOrRefuse } from '../_server/relying-party.ts';
import { whoMayAct } from '../_server/who-may-act.ts';
import { refused, type SecretAnswer } from './secret-answer.ts';

/** Makes an invitation, for somebody new or for somebody who has lost the password. Its link is shown this once. */
export async function inviteAction(_: SecretAnswer | null, form: FormData): Promise<SecretAnswer> {
  const given = await headers();
  const refusal = refusalOfForeign(given);
  if (refusal !== null) return refused(form, refusal);
  const asker = await whoMayAct(given, 'admin');
  if ('reason' in asker) return refused(form, asker.reason);
  if (webConfig()?.access.localAccounts !== true) {
    return refused(form, 'The configuration allows no local accounts.');
  }
  const database = readDatabase();
  if ('problem' in database) return refused(form, database.problem);
  const invited = readInvited(form);
  try {
    const code = invite({ database, now: Date.now, log: createLogger('web') }, invited, asker.actor);
    const name = 'userId' in invited ? 'This account' : invited.name;
    return { outcome: 'made', name, secret: `${originOrRefuse(given)}/invitation?code=${code}` };
  } catch (error) {
    if (error instanceof AccessRefusedError) return refused(form, error.message);
    throw error;
  }
}

function readInvited(form: FormData): Invited {
  const text = (name: string) => String(form.get(name) ?? '');
  if (text('user') !== '') return { userId: text('user') };
  // What the form does not say is the least.
  const role = ROLES.find((known) => known === form.get('role')) ?? 'viewer';
  return { name: text('name'), login: text('login'), role };
}
