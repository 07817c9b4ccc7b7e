import type { StatedInput, StatedValue } from './facts.ts';
import type { FactsBuilder } from './facts-builder.ts';
import type { JsonPlace } from './json-place.ts';

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The address of a repository without its transport and ref: `git+https://github.com/o/r.git@refs/heads/main` is
 * `https://github.com/o/r`.
 */
export function repositoryOf(uri: string): string {
  const address = uri.replace(/^git\+/i, '').split('#', 1)[0] ?? '';
  const path = address.indexOf('/', address.indexOf('://') + 3);
  const ref = path < 0 ? -1 : address.indexOf('@', path);
  return (ref < 0 ? address : address.slice(0, ref)).replace(/\/$/, '').replace(/\.git$/, '');
}

/** A commit as a document gives it, in lowercase; a remark and null for what is none. */
export function readCommit(facts: FactsBuilder, place: JsonPlace): StatedValue | null {
  const stated = facts.stated(place);
  if (stated === null) return null;
  const value = stated.value.toLowerCase();
  if (COMMIT.test(value)) return { value, at: stated.at };
  facts.remark(`${place.at} is not a commit: 40 or 64 hexadecimal digits.`);
  return null;
}

/** Fills repository and commit from the inputs that are code, where the document gives them nowhere else. */
export function readCodeInputs({ facts }: FactsBuilder): void {
  const code = facts.inputs.filter(({ role }) => role === 'code');
  const stated = facts.repository?.value;
  const isStated = ({ uri }: StatedInput) => uri !== null && repositoryOf(uri) === stated;
  const chosen = code.find(isStated) ?? code.find(({ digests }) => commitOf(digests) !== null) ?? code[0];
  if (!chosen) return;
  const commit = commitOf(chosen.digests);
  if (commit !== null) facts.commit ??= { value: commit.digest, at: `${chosen.at}.digest.${commit.algorithm}` };
  if (chosen.uri !== null) facts.repository ??= { value: repositoryOf(chosen.uri), at: `${chosen.at}.uri` };
}

function commitOf(digests: StatedInput['digests']) {
  const named =
    digests.find(({ algorithm }) => algorithm === 'gitCommit') ?? digests.find(({ algorithm }) => algorithm === 'sha1');
  return named && COMMIT.test(named.digest) ? named : null;
}
