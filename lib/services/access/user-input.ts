import { AccessRefusedError } from './access-refused.ts';
import { isLogin, normaliseLogin } from './login.ts';

/** A name to show, as it may be stored: no control or invisible characters. @throws {AccessRefusedError} */
export function readName(typed: string): string {
  const name = typed.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  if (name === '' || [...name].length > 100) throw new AccessRefusedError('A name has 1 to 100 characters.');
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) throw new AccessRefusedError('The name has characters that cannot be seen.');
  return name;
}

/** A login that can be given to somebody. @throws {AccessRefusedError} */
export function readLogin(typed: string): string {
  const login = normaliseLogin(typed);
  if (isLogin(login)) return login;
  throw new AccessRefusedError('A login has 1 to 100 letters a to z, digits, and . _ + @ - between them.');
}
