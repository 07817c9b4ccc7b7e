import type { InputRole, StatedInput } from '#lib/attestation/facts.ts';
import type { SubjectDigest } from '#lib/model-signing/statement.ts';

/** A name in the space of artifacts' aliases: a digest, or what something is called. */
export interface AliasName {
  readonly scheme: string;
  readonly value: string;
}

/** Algorithms by which things are known, the one to go by first. */
const SCHEMES = ['sha256', 'sha384', 'sha512', 'blake2b', 'blake3', 'git'];
const HEX = /^[0-9a-f]{40,128}$/;
const PART = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}';
const HUB_ADDRESS = new RegExp(
  `^(?:hf:(?://)?|https?://(?:www\\.)?(?:huggingface\\.co|hf\\.co)/|pkg:huggingface/)(datasets/)?(${PART}/${PART})(.*)$`,
  'i',
);
const BARE_ID = new RegExp(`^${PART}/${PART}$`);
const COMMIT = /^(?:@|\/(?:tree|resolve|blob|commit)\/)([0-9a-f]{40})(?:[/?#].*)?$/;
const MAX_NAME = 1024;

/** The alias that a digest is, or null for algorithms by which nothing is known here. A SHA-1 of code is a git commit. */
export function digestAlias(role: InputRole, { algorithm, digest }: SubjectDigest): AliasName | null {
  const isCommit = algorithm === 'gitCommit' || (role === 'code' && algorithm === 'sha1');
  const scheme = isCommit ? 'git' : algorithm;
  const value = digest.toLowerCase();
  return SCHEMES.includes(scheme) && HEX.test(value) ? { scheme, value } : null;
}

/** All digests of one input that can be compared, each once, in an order that does not depend on the document's. */
export function digestAliases(role: InputRole, digests: readonly SubjectDigest[]): AliasName[] {
  const found = new Map<string, AliasName>();
  for (const digest of digests) {
    const alias = digestAlias(role, digest);
    if (alias) found.set(`${alias.scheme}:${alias.value}`, alias);
  }
  return [...found.values()].sort(compareAliases);
}

/** By scheme, the strongest first, then by value. */
export function compareAliases(a: AliasName, b: AliasName): number {
  const order = SCHEMES.indexOf(a.scheme) - SCHEMES.indexOf(b.scheme);
  if (order !== 0) return order;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/**
 * What an input without a digest is known by: a repository of Hugging Face (`hf`, with its commit where one is given),
 * else its address or name (`name`). `bareIds`: whether `org/name` alone means such a repository, as it does in cards.
 *
 * @returns null for an input that says neither.
 */
export function nameAlias(input: Pick<StatedInput, 'name' | 'uri' | 'role'>, bareIds: boolean): AliasName | null {
  for (const text of [input.uri, input.name]) {
    const id = text === null ? null : hubId(text, bareIds && input.role === 'dataset');
    if (id !== null) return { scheme: 'hf', value: id };
  }
  if (bareIds && input.uri === null && input.name !== null && BARE_ID.test(input.name)) {
    return { scheme: 'hf', value: input.role === 'dataset' ? `datasets/${input.name}` : input.name };
  }
  const text = input.uri ?? input.name;
  return text === null || text === '' ? null : { scheme: 'name', value: text.slice(0, MAX_NAME) };
}

function hubId(text: string, isDataset: boolean): string | null {
  if (text.length > MAX_NAME) return null;
  const [, folder, id, rest] = HUB_ADDRESS.exec(text) ?? [];
  if (id === undefined) return null;
  const commit = COMMIT.exec(rest ?? '')?.[1];
  return `${folder !== undefined || isDataset ? 'datasets/' : ''}${id}${commit === undefined ? '' : `@${commit}`}`;
}

/** Whether two lists of names have one in common: by the last part of the path, in lower case, without a version. */
export function shareName(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  const known = new Set(a.flatMap(lastPart));
  return b.flatMap(lastPart).some((part) => known.has(part));
}

function lastPart(text: string | null): string[] {
  if (text === null) return [];
  const path = text.slice(0, MAX_NAME).split(/[?#]/, 1)[0] ?? '';
  const id =
    /^(?:[^/]*\/\/[^/]*\/)?(?:datasets\/|models\/)?([^/]+\/[^/]+)\/(?:tree|resolve|blob|commit)\//.exec(path)?.[1] ??
    path;
  const [part = ''] = (id.replace(/\/+$/, '').split('/').at(-1) ?? '').split('@', 1);
  const folded = part.replace(/\.git$/i, '').toLowerCase();
  return folded === '' ? [] : [folded];
}
