import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { VerificationOutcome } from '#lib/provenance/verification.ts';
import type { Compared } from './compare.ts';

/** What to do for a better answer; null where there is nothing. */
export function hintFor(list: HashList, outcome: VerificationOutcome, closest: Compared | null): string | null {
  if (outcome === 'not-comparable' && closest) {
    return `Hash the files as the version was, and hand in the output: ${commandFor(closest)}`;
  }
  if (outcome === 'unknown' && list.files.every(({ digests }) => digests.length === 0)) {
    return 'No file has a hash that can be compared. Hand in the output of sha256sum.';
  }
  if (outcome === 'unknown') {
    return list.hashType === 'sha256' && list.shardSize === null
      ? 'If the model was signed with other hashes, hash it with "modeltrail hash" as its signature says.'
      : 'Hand in plain SHA-256 hashes of whole files too: most models are known by those.';
  }
  const counts = closest?.held?.counts;
  if (outcome === 'partial' && counts) {
    return counts['no-digest'] > 0
      ? 'Hand in hashes of all files: those without one were not compared.'
      : 'Hand in the missing files too before you use the whole model.';
  }
  return outcome === 'differs' ? 'Take the files at fault from their publisher again, and do not load them.' : null;
}

function commandFor({ version, shardSize }: Compared): string {
  const shards = version.method === 'shards' ? ` --shard-size ${shardSize ?? 1_000_000_000}` : '';
  return `modeltrail hash --hash-type ${version.hashType}${shards} --format json FOLDER`;
}
