import type { OpenDatabase } from '#db/client.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { resolveDigests } from './resolve.ts';

/**
 * The artifact known by an alias, or as a file of whose version a digest is. A digest that a document merely says to be the
 * same thing finds nothing: nobody's word makes their file the artifact of somebody else.
 *
 * @param name digests in lowercase hex. @returns its id, or null.
 */
export async function findArtifact({ db }: OpenDatabase, name: AliasName): Promise<number | null> {
  return resolveDigests(db, [{ scheme: name.scheme, value: name.value }], true);
}
