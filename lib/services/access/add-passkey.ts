import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { passkeys } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { passkeyStepSchema } from './begin-passkey.ts';
import type { SignedIn } from './find-session.ts';
import { PASSKEY_ALGORITHMS } from './passkey-algorithms.ts';
import { takeStep } from './take-step.ts';
import { readName } from './user-input.ts';

export interface PasskeyAnswer<Response> {
  /** The secret of the cookie that came with the options; null without one. */
  readonly secret: string | null;
  readonly response: Response;
  /** The origin of our pages, and the host of it. */
  readonly origin: string;
  readonly rpId: string;
}

/** Adds a passkey that the browser made, verified by its owner’s finger or PIN. @throws {AccessRefusedError} */
export async function addPasskey(
  ctx: ServiceContext,
  { userId, name: owner }: SignedIn,
  { secret, response, origin, rpId, name }: PasskeyAnswer<RegistrationResponseJSON> & { readonly name: string },
): Promise<void> {
  const label = readName(name);
  const { db } = ctx.database;
  const kind = 'passkey-registration';
  const taken =
    secret === null
      ? null
      : db.transaction((tx) => takeStep(tx, { secret, kind, now: ctx.now() }), { behavior: 'immediate' });
  const step = passkeyStepSchema.safeParse(taken).data;
  if (step?.userId !== userId) throw new AccessRefusedError('Adding the passkey took too long. Begin again.');
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: step.challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
  }).catch((error: Error) => {
    throw new AccessRefusedError(`The passkey does not verify: ${error.message}`);
  });
  if (!verified.verified) throw new AccessRefusedError('The passkey does not verify.');
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  db.transaction(
    (tx) => {
      const now = ctx.now();
      const key = { id, userId, publicKey: Buffer.from(publicKey), counter, name: label, createdAt: now };
      const { changes } = tx
        .insert(passkeys)
        .values({ ...key, transports: JSON.stringify(transports) })
        .onConflictDoNothing()
        .run();
      if (changes === 0) throw new AccessRefusedError('This passkey is known already.');
      const actor = { kind: 'user', id: userId, name: owner } as const;
      appendAudit(tx, {
        chain: 'access',
        actor,
        action: 'passkey.added',
        target: userId,
        detail: { name: label },
        at: now,
      });
    },
    { behavior: 'immediate' },
  );
}
