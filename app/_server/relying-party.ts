import { ownOrigin } from '#lib/http/same-origin.ts';
import { listening } from './listening.ts';
import { FormRefusedError } from './local-form.ts';
import { configOrRefuse } from './visitor.ts';

/** The origin of our pages: what identity providers send browsers back to. @throws {FormRefusedError} */
export function originOrRefuse(headers: Headers): string {
  const origin = ownOrigin(headers, listening(), configOrRefuse().access.publicUrl);
  if (origin !== null) return origin;
  throw new FormRefusedError(400, 'This address is not one that the configuration knows: set access.public-url.');
}

/** Origin and host that passkeys are bound to. @throws {FormRefusedError} where there are none here. */
export function relyingParty(headers: Headers): { readonly origin: string; readonly rpId: string } {
  const { localAccounts, passkeys } = configOrRefuse().access;
  if (!localAccounts || !passkeys) throw new FormRefusedError(404, 'The configuration allows no passkeys.');
  const origin = originOrRefuse(headers);
  return { origin, rpId: new URL(origin).hostname };
}
