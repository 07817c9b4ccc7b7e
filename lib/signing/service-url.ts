import { SigningError } from './signing-error.ts';

/**
 * The address of a signing service without a slash at its end. Tokens are sent to some of them, so that it must be https,
 * save on this machine.
 *
 * @param at where the address stands, for messages.
 * @throws {SigningError}
 */
export function serviceUrl(text: string, at: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  const isProtected = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!isProtected || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new SigningError(`${at} is no https address of a service: ${JSON.stringify(text.slice(0, 200))}.`);
  }
  return url.href.replace(/\/+$/, '');
}
