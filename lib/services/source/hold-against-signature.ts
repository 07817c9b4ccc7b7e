import { readModelFiles } from '#lib/model-files/manifest.ts';
import {
  type FileState,
  ignoreRulesOf,
  type LocalFile,
  type LocalFiles,
  type ModelMatch,
  matchManifest,
} from '#lib/model-signing/match.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import type { HashedFile } from './hash-folder.ts';

/** Names given of each kind of difference. */
const SHOWN = 3;

const DIFFERENCES: readonly (readonly [FileState, string])[] = [
  ['differs', 'other than signed'],
  ['missing', 'missing'],
  ['extra', 'signed by nobody'],
];

/**
 * Holds the files of a folder against a signed manifest.
 *
 * @param aside paths of signatures and statements, which no signature of a model covers.
 * @returns null where they are as signed, else one sentence that says how they differ.
 * @throws {ModelFilesError}
 */
export async function holdAgainstSignature(
  folder: string,
  files: readonly HashedFile[],
  manifest: OmsManifest,
  aside: readonly string[],
): Promise<string | null> {
  const options = { operator: aside };
  const isPlain = manifest.method === 'files' && manifest.hashType === 'sha256';
  const local = isPlain
    ? new Map(files.map((file) => [file.path, asLocalFile(file)]))
    : await hashAsSigned(folder, manifest, aside);
  const match = matchManifest(manifest, local, options);
  return match.matches ? null : describeDifference(match);
}

/** Files that lie there under paths that the signer left out: nobody signed them, whatever the signature says of the rest. */
export function leftOutBySigner(
  files: readonly HashedFile[],
  manifest: OmsManifest,
  aside: readonly string[],
): readonly string[] {
  const rules = ignoreRulesOf(manifest, { operator: aside });
  return files.map(({ path }) => path).filter((path) => rules.find(path)?.by === 'signer');
}

/** Another algorithm, or shards: hashed as the signature has it, which happens only when something changed. */
async function hashAsSigned(folder: string, manifest: OmsManifest, aside: readonly string[]): Promise<LocalFiles> {
  const { hashType, shardSize } = manifest;
  if (hashType !== 'sha256' && hashType !== 'blake2b' && hashType !== 'blake3') return new Map();
  const rules = ignoreRulesOf(manifest, { operator: aside });
  return (await readModelFiles(folder, { hashType, shardSize, rules, allowSymlinks: true })).files;
}

function asLocalFile({ path, sha256, size }: HashedFile): LocalFile {
  return { size, digests: [{ name: path, algorithm: 'sha256', digest: sha256 }] };
}

function describeDifference({ files }: ModelMatch): string {
  const parts = DIFFERENCES.flatMap(([state, word]) => {
    const paths = files.filter((file) => file.state === state).map(({ path }) => JSON.stringify(path.slice(0, 120)));
    if (paths.length === 0) return [];
    const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
    return [`${paths.length} ${word} (${paths.slice(0, SHOWN).join(', ')}${more})`];
  });
  return `The signature is good, but not of the files beside it: ${parts.join(', ')}. Take the files from their publisher again.`;
}
