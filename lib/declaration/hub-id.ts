import type { InputRole } from '#lib/attestation/facts.ts';
import type { FactsBuilder } from '#lib/attestation/facts-builder.ts';
import type { JsonPlace } from '#lib/attestation/json-place.ts';

/** `org/name` or a legacy `name`, as the hub allows them; neither starts with a dot. */
const HUB_ID = /^[A-Za-z0-9_][\w.-]{0,95}(?:\/[A-Za-z0-9_][\w.-]{0,95})?$/;
const ADDRESS = /^[a-z][a-z0-9+.-]{0,20}:\/\//i;
const LOCAL_PATH = /^(?:[./~\\]|[A-Za-z]:[\\/])/;

/** `hf:org/name`, with `@revision` if one is given; null for what is no repository of a hub. */
export function hubUri(id: string, revision: string | null = null, folder = ''): string | null {
  return HUB_ID.test(id) ? `hf:${folder}${id}${revision === null ? '' : `@${revision}`}` : null;
}

/** Whether a text is a path on somebody's machine: it names nothing for anybody else. */
export function isLocalPath(text: string): boolean {
  return LOCAL_PATH.test(text) || text.includes('\\') || (!ADDRESS.test(text) && text.split('/').length > 2);
}

/**
 * Adds an input that a file names by an id or an address. A path on its author's machine is passed over with a remark.
 *
 * @throws {StatementError} beyond 10,000 inputs.
 */
export function addNamedInput(
  facts: FactsBuilder,
  role: InputRole,
  place: JsonPlace,
  revision: string | null = null,
): void {
  const name = facts.text(place);
  if (name === null) return;
  if (isLocalPath(name)) {
    facts.remark(`${place.at} is a path on its author's machine, so it names nothing here.`);
    return;
  }
  const uri = ADDRESS.test(name) ? name : hubUri(name, revision, role === 'dataset' ? 'datasets/' : '');
  facts.input(role, { name, uri }, place.at);
}
