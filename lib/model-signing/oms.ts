import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { type HashType, isHashType, type OmsResource, readResource, refuseUnsafePath } from './resource.ts';
import { orderOf, type RootOrder, rootOf } from './roots.ts';
import { refuseBrokenShards } from './shards.ts';
import { STATEMENT_V1, type Statement, type Subject } from './statement.ts';
import { StatementError } from './statement-error.ts';

/** Of model_signing 0.2: one subject a file, no root, and nothing said of files that are not listed. */
export const OMS_DIGESTS_V0_1 = 'https://model_signing/Digests/v0.1';
const OMS_SIGNATURE_V1 = /^https:\/\/model_signing\/signature\/v1\.\d{1,6}$/;
const MAX_RESOURCES = 200_000;
const MAX_IGNORE_PATHS = 10_000;
const MAX_TEXT = 4096;

/** What an OpenSSF Model Signing statement signs. */
export interface OmsManifest {
  readonly predicateType: string;
  /** The subject's name: chosen by the signer, never proof of which model it is. Empty for Digests/v0.1. */
  readonly name: string;
  /** Lowercase hex; recomputed from the resources in their listed order. */
  readonly root: string;
  /** Whether the statement itself states the root. Digests/v0.1 does not: files may have been added beside it. */
  readonly rootStated: boolean;
  readonly rootOrder: RootOrder;
  readonly method: 'files' | 'shards';
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
  readonly allowSymlinks: boolean;
  /** In the signed order, which is not always sorted. */
  readonly resources: readonly OmsResource[];
  /** What the signer left out: files under these paths can change without breaking the signature. */
  readonly ignorePaths: readonly string[];
}

export function isModelSignature(predicateType: string): boolean {
  return predicateType === OMS_DIGESTS_V0_1 || OMS_SIGNATURE_V1.test(predicateType);
}

/**
 * Reads the manifest out of a statement and recomputes its root (OMS specification v1.0, sections 5 and 6).
 * Unknown fields are ignored, as the specification asks of a v1.0 reader.
 *
 * @throws {StatementError} for anything that the reference client would sign, but no careful reader should take:
 *   a doubled name, a path out of the model, an empty manifest, shards with gaps, a root that the resources do not give.
 */
export function readOmsManifest(statement: Statement, sha256: Sha256 = nobleSha256): OmsManifest {
  const { predicateType } = statement;
  if (!isModelSignature(predicateType)) {
    throw new StatementError('not-a-model-signature', `The predicate is ${predicateType}, not a model signature.`);
  }
  if (statement.type !== STATEMENT_V1) {
    throw new StatementError(
      'unknown-statement-type',
      `A model signature is a ${STATEMENT_V1}, not ${statement.type}.`,
    );
  }
  return predicateType === OMS_DIGESTS_V0_1 ? readDigests(statement, sha256) : readSignature(statement, sha256);
}

function readSignature(statement: Statement, sha256: Sha256): OmsManifest {
  const [subject] = statement.subjects;
  const stated = subject?.digests.find((d) => d.algorithm === 'sha256')?.digest;
  if (statement.subjects.length !== 1 || !subject || stated === undefined) {
    throw new StatementError('bad-subject', 'A model signature has one subject, whose sha256 digest is the root.');
  }
  const predicate = asObject(statement.predicate, 'predicate');
  const serialization = readSerialization(predicate.serialization);
  const list = asList(predicate.resources, 'predicate.resources', MAX_RESOURCES);
  if (list.length === 0) throw new StatementError('bad-predicate', 'predicate.resources is empty: nothing is signed.');
  const resources = list.map((value, i) => readResource(value, `predicate.resources[${i}]`, serialization));
  refuseDoubled(resources);
  if (serialization.method === 'shards') refuseBrokenShards(resources, serialization.shardSize);
  const root = rootOf(resources, sha256);
  if (root !== stated) {
    throw new StatementError('root-mismatch', `The subject's root is ${stated}, but the resources give ${root}.`);
  }
  return {
    predicateType: statement.predicateType,
    name: subject.name,
    root,
    rootStated: true,
    rootOrder: orderOf(resources),
    ...serialization,
    resources,
  };
}

function readDigests(statement: Statement, sha256: Sha256): OmsManifest {
  const resources = statement.subjects.map(readFileSubject);
  refuseDoubled(resources);
  return {
    predicateType: statement.predicateType,
    name: '',
    root: rootOf(resources, sha256),
    rootStated: false,
    rootOrder: orderOf(resources),
    method: 'files',
    hashType: 'sha256',
    shardSize: null,
    allowSymlinks: false,
    resources,
    ignorePaths: [],
  };
}

function readFileSubject(subject: Subject, position: number): OmsResource {
  const at = `subject[${position}]`;
  const digest = subject.digests.find((d) => d.algorithm === 'sha256')?.digest;
  const { actual_hash_algorithm: actual = 'file-sha256' } = subject.annotations;
  if (digest === undefined || actual !== 'file-sha256') {
    throw new StatementError('bad-subject', `${at} is not a file with its sha256 digest.`);
  }
  refuseUnsafePath(subject.name, at);
  return { name: subject.name, algorithm: 'sha256', digest };
}

type Serialization = Pick<OmsManifest, 'method' | 'hashType' | 'shardSize' | 'allowSymlinks' | 'ignorePaths'>;

function readSerialization(value: unknown): Serialization {
  const { method, hash_type, shard_size, allow_symlinks, ignore_paths } = asObject(value, 'predicate.serialization');
  if (method !== 'files' && method !== 'shards') {
    throw new StatementError('bad-serialization', 'predicate.serialization.method is neither "files" nor "shards".');
  }
  if (!isHashType(hash_type)) {
    throw new StatementError(
      'bad-serialization',
      'predicate.serialization.hash_type is none of sha256, blake2b, blake3.',
    );
  }
  if (method === 'shards' && !(Number.isSafeInteger(shard_size) && Number(shard_size) > 0)) {
    throw new StatementError('bad-serialization', 'predicate.serialization.shard_size is not a count of bytes.');
  }
  const ignorePaths = asList(ignore_paths ?? [], 'predicate.serialization.ignore_paths', MAX_IGNORE_PATHS);
  if (!ignorePaths.every((path) => typeof path === 'string' && path.length <= MAX_TEXT)) {
    throw new StatementError(
      'bad-serialization',
      'predicate.serialization.ignore_paths holds something else than paths.',
    );
  }
  return {
    method,
    hashType: hash_type,
    shardSize: method === 'shards' ? Number(shard_size) : null,
    allowSymlinks: allow_symlinks === true,
    ignorePaths: ignorePaths as string[],
  };
}

/** The reference client lets the last of two win, others the first: such a manifest has two meanings. */
function refuseDoubled(resources: readonly OmsResource[]): void {
  const seen = new Set<string>();
  for (const { name } of resources) {
    if (seen.has(name)) {
      throw new StatementError('duplicate-resource', `The manifest names ${JSON.stringify(name.slice(0, 120))} twice.`);
    }
    seen.add(name);
  }
}

function asObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new StatementError('bad-predicate', `${at} is not an object.`);
}

function asList(value: unknown, at: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw new StatementError('bad-predicate', `${at} is not a list.`);
  if (value.length > most)
    throw new StatementError('bad-predicate', `${at} has ${value.length} entries; ${most} are read.`);
  return value;
}
