import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { FormRefusedError } from './local-form.ts';

const text = z.string().max(20_000);
const id = z.string().min(1).max(2000);
const extensions = z.looseObject({});

const shared = { id, rawId: id, type: z.literal('public-key'), clientExtensionResults: extensions };
const registration = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(40)).max(10).default([]),
  }),
});
const authentication = z.object({
  ...shared,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional() }),
});

/** What the browser made, of the body of a request. @throws {FormRefusedError} */
export function readRegistration(body: unknown): { response: RegistrationResponseJSON; name: string } {
  const read = z.object({ response: registration, name: z.string().max(400) }).safeParse(body);
  if (!read.success) throw new FormRefusedError(400, 'The browser sent no passkey.');
  return read.data;
}

/** What the browser signed, and where to go after it. @throws {FormRefusedError} */
export function readAuthentication(body: unknown): { response: AuthenticationResponseJSON; next?: string | undefined } {
  const read = z.object({ response: authentication, next: z.string().optional() }).safeParse(body);
  if (!read.success) throw new FormRefusedError(400, 'The browser sent no passkey.');
  const { response, next } = read.data;
  const { userHandle, ...signed } = response.response;
  return { response: { ...response, response: { ...signed, ...(userHandle !== undefined && { userHandle }) } }, next };
}
