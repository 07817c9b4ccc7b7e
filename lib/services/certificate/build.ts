import { hash } from 'node:crypto';
import type { issuedCertificates } from '#db/schema/certificate.ts';
import { readLeaf } from '#lib/ct/leaf-format.ts';
import { formOf, type MerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { stableId } from '#lib/ids.ts';
import type { EntryProof, KeptEntry } from '#lib/rekor/log-reader.ts';
import type { CheckpointPlace } from '#lib/services/log/entry-place.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { readCertificate } from '#lib/watch/certificate.ts';
import { DerError } from '#lib/watch/der.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { normaliseTbs } from '#lib/watch/normalised-tbs.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';

export type IssuedRow = typeof issuedCertificates.$inferInsert;

export interface NewCertificate {
  readonly row: IssuedRow;
  readonly matches: readonly RuleMatch[];
}

type Said = Pick<
  IssuedRow,
  'tbsSha256' | 'spkiSha256' | 'serial' | 'sanType' | 'san' | 'issuer' | 'notBefore' | 'notAfter' | 'certificate'
>;

/** Makes what is stored of an entry of a certificate log. Throws for nothing in the entry: what cannot be read is undecided. */
export function buildCertificate(
  entry: KeptEntry,
  proof: EntryProof,
  place: CheckpointPlace,
  matcher: Matcher,
): NewCertificate {
  const read = readLeaf(entry.bytes);
  const leaf = 'leaf' in read ? read.leaf : null;
  const matching = leaf ? matcher.matchCertificate(leaf.der, [], formOf(leaf)) : read;
  const said = leaf && 'matches' in matching ? trySay(leaf) : null;
  const undecided =
    'undecided' in matching ? matching.undecided : said === null ? 'The certificate cannot be read.' : null;
  return {
    matches: 'matches' in matching && undecided === null ? matching.matches : matcher.searchBytes(entry.bytes),
    row: {
      id: stableId('certificate', place.origin, entry.index),
      logId: place.logId,
      logIndex: entry.index,
      leafHash: toHex(entry.leafHash),
      kind: leaf?.kind ?? 'x509',
      leaf: Buffer.from(entry.bytes),
      checkpointId: place.checkpointId,
      treeSize: proof.size,
      inclusionProof: Buffer.concat(proof.hashes),
      issuedAt: leaf?.timestamp ?? place.seenAt,
      undecided,
      state: 'waiting',
      reason: undecided ?? 'No entry of it has been found so far.',
      firstSeenAt: place.seenAt,
      ...said,
    },
  };
}

function trySay(leaf: MerkleLeaf): Said | null {
  try {
    const facts = readCertificate(leaf.der, formOf(leaf));
    return {
      tbsSha256: tbsDigest(leaf),
      spkiSha256: hash('sha256', leaf.der.subarray(facts.spki.from, facts.spki.to)),
      serial: facts.serial,
      sanType: facts.sans[0]?.type ?? null,
      san: facts.sans[0]?.value ?? null,
      issuer: facts.issuer.value,
      notBefore: facts.notBefore,
      notAfter: facts.notAfter,
      certificate: JSON.stringify(facts),
    };
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function tbsDigest(leaf: MerkleLeaf): string {
  return hash('sha256', normaliseTbs(leaf.der, formOf(leaf)));
}
