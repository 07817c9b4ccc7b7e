import { plainPath } from '#lib/model-signing/ignore.ts';
import { type OmsManifest, readOmsManifest } from '#lib/model-signing/oms.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { TlogError } from '#lib/tlog/error.ts';
import type { HashList, HashListForm } from './hash-list.ts';
import { HashListError } from './hash-list-error.ts';
import { asObject } from './json-fields.ts';
import type { HashListLimits } from './limits.ts';
import { isSafePath, ListBuilder } from './list-builder.ts';

/**
 * The files that a model signature's bundle, or its bare DSSE envelope, lists. Its signature is not looked at.
 *
 * @throws {HashListError} `bad-field` for an envelope that cannot be read, `bad-statement` for what is no OMS manifest.
 */
export function listOfBundle(json: Record<string, unknown>, limits: HashListLimits): HashList {
  const at = json.dsseEnvelope === undefined ? 'the envelope' : 'dsseEnvelope';
  const { payload, payloadType } = json.dsseEnvelope === undefined ? json : asObject(json.dsseEnvelope, at);
  if (payloadType !== STATEMENT_PAYLOAD_TYPE || typeof payload !== 'string') {
    throw new HashListError('bad-field', `${at} holds no payload of the type ${STATEMENT_PAYLOAD_TYPE}.`, at);
  }
  return listOfStatement(decodePayload(payload, `${at}.payload`), 'oms-bundle', limits);
}

/** The files that the payload of a model signature lists. @throws {HashListError} `bad-statement` */
export function listOfStatement(payload: Uint8Array, form: HashListForm, limits: HashListLimits): HashList {
  try {
    return listOf(readOmsManifest(parseStatement(payload)), form, limits);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw new HashListError('bad-statement', `The statement lists no files to compare. ${error.message}`, error.at);
  }
}

function listOf(manifest: OmsManifest, form: HashListForm, limits: HashListLimits): HashList {
  const files = new Map<string, OmsResource[]>();
  for (const resource of manifest.resources) {
    const path = resource.shard?.path ?? resource.name;
    const known = files.get(path);
    if (known) known.push(resource);
    else files.set(path, [resource]);
  }
  const builder = new ListBuilder(limits.maxFiles);
  for (const [path, resources] of files) {
    const digests = resources.sort((a, b) => (a.shard?.start ?? 0) - (b.shard?.start ?? 0));
    builder.add({ path, size: digests.at(-1)?.shard?.end ?? null, digests }, 'predicate.resources');
  }
  const { hashType, shardSize, name, ignorePaths } = manifest;
  const leftOut = ignorePaths
    .map(plainPath)
    .filter((path) => path !== null)
    .filter(isSafePath);
  return builder.build({
    form,
    name: name.toWellFormed() || null,
    hashType,
    shardSize,
    leftOut: [...new Set(leftOut)].sort(),
    remarks: ['Taken as a list of hashes only: its signature was not looked at, and nobody compared it with files.'],
  });
}

function decodePayload(text: string, at: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new HashListError('bad-field', `${at} is not base64: ${error.message}.`, at);
  }
}
