import { COMMON_PASSWORDS } from './common-passwords.ts';

const SHORTEST = 12;
const LONGEST = 200;

/**
 * Why a password is not taken, in one sentence; null where it is. After NIST SP 800-63B 5.1.1.2: long enough, none of the
 * commonest, not the login itself; no rules of composition, which make passwords worse.
 */
export function problemOfPassword(password: string, login: string): string | null {
  const letters = [...password.normalize('NFKC')];
  if (letters.length < SHORTEST)
    return `A password has at least ${SHORTEST} characters. Four random words are a good one.`;
  if (letters.length > LONGEST) return `A password has at most ${LONGEST} characters.`;
  const plain = password.normalize('NFKC').toLowerCase();
  const bare = plain.replaceAll(/[^\p{L}]/gu, '');
  const isCommon = COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(bare);
  if (isCommon || new Set(plain).size < 4 || isRun(plain)) {
    return 'This password is one of the first that anybody tries. Take another.';
  }
  const name = login.toLowerCase();
  const [local = name] = name.split('@');
  const isMade = name.length >= 4 && plain.includes(name);
  if (isMade || (local.length >= 4 && bare === local.replaceAll(/[^\p{L}]/gu, ''))) {
    return 'The password is made of the login. Take another.';
  }
  return null;
}

/** A walk up or down the alphabet or the digits: `abcdefghijkl`, `123456789012`. */
function isRun(text: string): boolean {
  const steps = new Set(Array.from({ length: text.length - 1 }, (_, i) => text.charCodeAt(i + 1) - text.charCodeAt(i)));
  steps.delete(-9);
  steps.delete(9);
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}
