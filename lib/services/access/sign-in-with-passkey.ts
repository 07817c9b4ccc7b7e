import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { passkeys, users } from '#db/schema/user.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { PasskeyAnswer } from './add-passkey.ts';
import { passkeyStepSchema } from './begin-passkey.ts';
import { beginAttempt, forgive } from './pause.ts';
import { PausedError } from './paused-error.ts';
import { startSession } from './start-session.ts';
import { takeStep } from './take-step.ts';
import type { Visitor } from './visitor.ts';

const NOT_GOOD = 'The passkey is not known here, or does not verify.';

/**
 * Signs in whoever holds a passkey: challenge, origin, host, signature and the owner's verification must hold, and its counter
 * must not go back, for that is how a copy shows (WebAuthn level 3, 7.2).
 *
 * @returns the secret of the session.
 * @throws {AccessRefusedError} {PausedError}
 */
export async function signInWithPasskey(
  ctx: ServiceContext,
  { secret, response, origin, rpId }: PasskeyAnswer<AuthenticationResponseJSON>,
  visitor: Visitor,
): Promise<string> {
  const { db } = ctx.database;
  const until = beginAttempt(ctx, [visitor.pauseKey]);
  if (until !== null) throw new PausedError(until);
  const taken =
    secret === null
      ? null
      : db.transaction((tx) => takeStep(tx, { secret, kind: 'passkey', now: ctx.now() }), { behavior: 'immediate' });
  const step = passkeyStepSchema.safeParse(taken).data;
  const key = db.select().from(passkeys).where(eq(passkeys.id, response.id)).get();
  if (!step || !key || (response.response.userHandle ?? null) !== Buffer.from(key.userId).toString('base64url')) {
    throw new AccessRefusedError(NOT_GOOD);
  }
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: step.challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    credential: {
      id: key.id,
      publicKey: new Uint8Array(key.publicKey),
      counter: key.counter,
      transports: z.array(z.string()).parse(JSON.parse(key.transports)),
    },
    requireUserVerification: true,
  }).catch((error: Error) => {
    ctx.log.warn({ err: error }, 'a passkey was refused');
    throw new AccessRefusedError(NOT_GOOD);
  });
  if (!verified) throw new AccessRefusedError(NOT_GOOD);
  const session = db.transaction(
    (tx) => {
      const now = ctx.now();
      const user = tx
        .select({ id: users.id, name: users.name })
        .from(users)
        .where(and(eq(users.id, key.userId), isNull(users.disabledAt)))
        .get();
      const counter = authenticationInfo.newCounter;
      const isUnused = and(eq(passkeys.id, key.id), eq(passkeys.counter, key.counter));
      const { changes } = tx.update(passkeys).set({ counter, lastUsedAt: now }).where(isUnused).run();
      if (!user || changes === 0) throw new AccessRefusedError(NOT_GOOD);
      return startSession(tx, { user, method: 'passkey', ...visitor.session, now });
    },
    { behavior: 'immediate' },
  );
  forgive(ctx, [visitor.pauseKey]);
  return session;
}
