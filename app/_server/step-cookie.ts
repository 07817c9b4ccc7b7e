import { formatCookie, readCookie } from '#lib/http/session-cookie.ts';
import { isSecure } from './asker.ts';
import { configOrRefuse } from './visitor.ts';

/** Binds what is under way to the browser that began it. */
const STEP_COOKIE = 'modeltrail-step';

/** The Set-Cookie for the secret of a step; an empty one takes it away. @param lasts milliseconds. */
export function stepCookie(secret: string, lasts: number): string {
  const maxAge = secret === '' ? 0 : Math.floor(lasts / 1000);
  return formatCookie({ name: STEP_COOKIE, value: secret, maxAge, isSecure: isSecure(configOrRefuse()) });
}

/** The secret of the step that a browser is at; null for none. */
export function stepOf(headers: Headers): string | null {
  return readCookie(headers, STEP_COOKIE, isSecure(configOrRefuse()));
}
