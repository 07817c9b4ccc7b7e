import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { type OmsManifest, readOmsManifest } from './oms.ts';
import { inPythonOrder, rootOf } from './roots.ts';
import { parseStatement, STATEMENT_V1 } from './statement.ts';
import { StatementError } from './statement-error.ts';

const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

/** What is to be signed of a model. */
export interface ModelToSign
  extends Pick<OmsManifest, 'name' | 'hashType' | 'shardSize' | 'allowSymlinks' | 'resources' | 'ignorePaths'> {}

/**
 * The in-toto statement of a model as model_signing 1.1.1 writes it: resources in the reference's order, two spaces of
 * indentation, nothing but ASCII. Shards are chosen by `shardSize`.
 *
 * @returns the payload, as bytes of UTF-8.
 * @throws {StatementError} for what we would not read again: an empty model, a hostile name, shards with gaps.
 */
export function modelStatement(model: ModelToSign, sha256: Sha256 = nobleSha256): Uint8Array<ArrayBuffer> {
  if (model.name === '') throw new StatementError('bad-subject', 'The model has no name to be signed under.');
  const resources = inPythonOrder(model.resources);
  const { hashType, shardSize } = model;
  const algorithm = shardSize === null ? hashType : `${hashType}-sharded-${shardSize}`;
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: model.name, digest: { sha256: rootOf(resources, sha256) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: {
        method: shardSize === null ? 'files' : 'shards',
        hash_type: hashType,
        ...(shardSize !== null && { shard_size: shardSize }),
        allow_symlinks: model.allowSymlinks,
        ...(model.ignorePaths.length > 0 && { ignore_paths: model.ignorePaths }),
      },
      resources: resources.map(({ name, digest }) => ({ name, algorithm, digest })),
    },
  };
  const bytes = new TextEncoder().encode(asciiJson(statement));
  readOmsManifest(parseStatement(bytes), sha256);
  return bytes;
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
