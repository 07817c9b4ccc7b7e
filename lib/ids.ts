import { createHash, randomBytes } from 'node:crypto';

const PREFIXES = {
  event: 'evt',
  bundle: 'bdl',
  model: 'mdl',
  version: 'ver',
  finding: 'fnd',
  token: 'tok',
  registration: 'reg',
  'training-log': 'trl',
  certificate: 'crt',
  expected: 'exp',
  alert: 'alr',
} as const;

/**
 * An id that names the same thing the same on every machine: the kind's prefix and 96 bits of a SHA-256 over its parts.
 * So a log read again after a crash, or on a second monitor, gives the same events.
 */
export function stableId(kind: keyof typeof PREFIXES, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify([kind, ...parts]));
  return `${PREFIXES[kind]}_${hash.digest('hex').slice(0, 24)}`;
}

/** An id that nobody can guess: for what is shown to whoever has its address, or made by nobody's content. 128 random bits in lowercase hex. */
export function randomId(kind: keyof typeof RANDOM_PREFIXES): string {
  return `${RANDOM_PREFIXES[kind]}_${randomBytes(16).toString('hex')}`;
}

const RANDOM_PREFIXES = {
  verification: 'vrf',
  expected: 'exp',
  user: 'usr',
  incident: 'inc',
  deployment: 'dep',
  message: 'msg',
  publication: 'pub',
} as const;
