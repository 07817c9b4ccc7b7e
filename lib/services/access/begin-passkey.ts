import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { passkeys, users } from '#db/schema/user.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { SignedIn } from './find-session.ts';
import { keepStep } from './keep-step.ts';
import { PASSKEY_ALGORITHMS } from './passkey-algorithms.ts';

/** Milliseconds that somebody has for their finger. */
export const PASSKEY_STEP_LASTS = 300_000;
/** Who adds a key must have signed in so lately: a browser left open must not make a way in. */
const FRESH = 900_000;

export const passkeyStepSchema = z.strictObject({ challenge: z.string(), userId: z.string().nullable() });

/** Begins a sign-in by passkey, for whichever account the browser has one of (WebAuthn level 3, discoverable credentials). */
export async function beginPasskeySignIn(ctx: ServiceContext, rpId: string) {
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    userVerification: 'required',
    allowCredentials: [],
  });
  const detail: z.input<typeof passkeyStepSchema> = { challenge: options.challenge, userId: null };
  return { options, secret: keepStep(ctx, { kind: 'passkey', detail, lasts: PASSKEY_STEP_LASTS }) };
}

/** Begins to add a passkey to the account of somebody who has signed in just now. @throws {AccessRefusedError} */
export async function beginPasskeyRegistration(ctx: ServiceContext, { userId, signedInAt }: SignedIn, rpId: string) {
  const { db } = ctx.database;
  const user = db.select().from(users).where(eq(users.id, userId)).get();
  if (!user?.login) throw new AccessRefusedError('Passkeys are for local accounts.');
  if (ctx.now() - signedInAt > FRESH) {
    throw new AccessRefusedError('Sign out and in again first: a passkey is added within 15 minutes of a sign-in.');
  }
  const held = db.select({ id: passkeys.id }).from(passkeys).where(eq(passkeys.userId, userId)).all();
  if (held.length >= 20) throw new AccessRefusedError('An account has at most 20 passkeys. Remove one first.');
  const options = await generateRegistrationOptions({
    rpName: 'Modeltrail',
    rpID: rpId,
    userName: user.login,
    userDisplayName: user.name,
    userID: new Uint8Array(Buffer.from(userId)),
    attestationType: 'none',
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
    excludeCredentials: held,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const detail: z.input<typeof passkeyStepSchema> = { challenge: options.challenge, userId };
  return { options, secret: keepStep(ctx, { kind: 'passkey-registration', detail, lasts: PASSKEY_STEP_LASTS }) };
}
