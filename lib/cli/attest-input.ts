const DIGEST = /^sha256:([0-9a-fA-F]{64})$/;

/** A thing by name, address and digest; at least address or digest, or the name, is there. */
export interface InputText {
  readonly name: string | null;
  readonly uri: string | null;
  /** Lowercase hex. */
  readonly sha256: string | null;
}

/**
 * Reads `NAME=URI@sha256:HEX`, of which any part may be left out: `NAME`, `URI@sha256:HEX`, `NAME=sha256:HEX`. What has
 * no `=` and no `:` is a name; a `=` behind the first `:` or `/` belongs to the address.
 *
 * @returns null for what is nothing of it, a digest of the wrong length among it.
 */
export function readInputText(text: string): InputText | null {
  const [, named, behind] = /^([^=:/]+)=(.+)$/s.exec(text) ?? [];
  const name = named ?? null;
  const rest = behind ?? text;
  const bare = DIGEST.exec(rest)?.[1];
  if (bare !== undefined) return { name, uri: null, sha256: bare.toLowerCase() };
  const at = rest.lastIndexOf('@sha256:');
  if (at === 0) return null;
  const uri = at < 0 ? rest : rest.slice(0, at);
  const sha256 = at < 0 ? null : DIGEST.exec(rest.slice(at + 1))?.[1];
  if (sha256 === undefined || uri === '' || rest.startsWith('sha256:')) return null;
  if (name === null && sha256 === null && !uri.includes(':')) return { name: uri, uri: null, sha256: null };
  return { name, uri, sha256: sha256?.toLowerCase() ?? null };
}
