import type { EntrySieve } from '#lib/rekor/entry-format.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { formOf, type MerkleLeaf, parseMerkleLeaf } from './merkle-leaf.ts';
import { TlsError } from './tls-reader.ts';

/** A leaf as it was read, or why it could not be. */
export type ReadLeaf = { readonly leaf: MerkleLeaf } | { readonly undecided: string };

/** Reads a leaf that is bound to a signed root; never throws. */
export function readLeaf(bytes: Uint8Array): ReadLeaf {
  try {
    return { leaf: parseMerkleLeaf(bytes) };
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    return { undecided: `The leaf is ${error.message}.` };
  }
}

/** Picks the leaves of certificate logs whose certificate a rule names, and those that cannot be read. */
export const CT_LEAVES: EntrySieve = {
  isOfInterest(bytes: Uint8Array, matcher: Matcher): boolean {
    const read = readLeaf(bytes);
    if ('undecided' in read) return true;
    const found = matcher.matchCertificate(read.leaf.der, [], formOf(read.leaf));
    return 'undecided' in found || found.matches.length > 0;
  },
};
