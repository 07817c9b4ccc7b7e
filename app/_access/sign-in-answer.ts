import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { PasswordBusyError } from '#lib/services/access/password.ts';
import { PausedError } from '#lib/services/access/paused-error.ts';

/** Why a sign-in failed, as it stands in the address of the page that says so: never what was typed. */
export const PROBLEMS = {
  wrong: 'Login and password do not belong together.',
  paused: 'Too many attempts have failed. Wait a little before the next.',
  busy: 'Too many people are signing in at once. Try again in a moment.',
  foreign: 'The sign-in did not come back to where it was begun. Begin it again here.',
  refused:
    'The identity provider did not let you in, or its answer cannot be trusted. The log of the web process says more.',
  again: 'The identity provider does not say by itself that you are still signed in. Sign in again.',
  'no-role': 'You are known to the identity provider, but have no role here. Ask an admin of this dashboard.',
  disabled: 'This account is disabled. Ask an admin of this dashboard.',
  unreachable: 'The identity provider cannot be reached. Try again in a moment.',
} as const;

export type Problem = keyof typeof PROBLEMS;

/** The sentence for a problem of an address; null for what is none. */
export function problemSentence(text: string | undefined): string | null {
  return text !== undefined && Object.hasOwn(PROBLEMS, text) ? PROBLEMS[text as Problem] : null;
}

/** The sign-in page that says what went wrong. */
export function problemUrl(problem: Problem, next: string): string {
  const query = new URLSearchParams({ problem, ...(next !== '/' && { next }) });
  return `/sign-in?${query}`;
}

/** What a failed attempt is called. @throws what is a fault of ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof PausedError) return 'paused';
  if (error instanceof PasswordBusyError) return 'busy';
  if (error instanceof AccessRefusedError) return 'wrong';
  throw error;
}
