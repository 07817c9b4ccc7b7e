'use server';

import { headers } from 'next/headers';
import { z } from 'zod';
import { createLogger } from '#lib/logger.ts';
import { createToken, TokenNameTakenError } from '#lib/services/access/create-token.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import { readDatabase } from '../_server/database.ts';
import { refusalOfForeign } from '../_server/own-form.ts';
import { whoMayAct } from '../_server/who-may-act.ts';
import { refused, type SecretAnswer } from './secret-answer.ts';
import { EXPIRIES } from './token-expiries.ts';

const DAY = 86_400_000;

const formSchema = z.object({
  name: z.string().trim().min(1, 'Give the token a name.').max(100, 'A name has at most 100 characters.'),
  scopes: z.array(z.enum(SCOPES)).min(1, 'Choose at least one thing that the token may do.').max(SCOPES.length),
  expires: z.enum(EXPIRIES, 'Choose when the token runs out.'),
});

/** Makes a token for an admin. The answer is the only place where it ever stands. */
export async function createTokenAction(_: SecretAnswer | null, form: FormData): Promise<SecretAnswer> {
  const given = await headers();
  const refusal = refusalOfForeign(given);
  if (refusal !== null) return refused(form, refusal);
  const asker = await whoMayAct(given, 'admin');
  if ('reason' in asker) return refused(form, asker.reason);
  const fields = formSchema.safeParse({
    name: form.get('name'),
    scopes: form.getAll('scope'),
    expires: form.get('expires'),
  });
  if (!fields.success) return refused(form, fields.error.issues[0]?.message ?? 'The form is broken.');
  const database = readDatabase();
  if ('problem' in database) return refused(form, database.problem);
  const { name, scopes, expires } = fields.data;
  const now = Date.now();
  const expiresAt = expires === 'never' ? null : now + Number(expires) * DAY;
  try {
    const ctx = { database, now: () => now, log: createLogger('web') };
    const made = createToken(ctx, { name, scopes, expiresAt }, asker.actor);
    return { outcome: 'made', name, secret: made.token };
  } catch (error) {
    if (error instanceof TokenNameTakenError) return refused(form, error.message);
    throw error;
  }
}
