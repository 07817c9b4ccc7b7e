import { JsonPlace } from '#lib/attestation/json-place.ts';
import { DeclarationError } from './declaration-error.ts';
import { collect, declared } from './declared.ts';
import type { DeclarationFacts } from './facts.ts';
import { addNamedInput } from './hub-id.ts';
import { readJsonObject } from './read-json.ts';

/** The format's own limit is 100 MB; the names of the largest models' tensors need far less than this. */
const MAX_HEADER = 16 * 1024 * 1024;
const LENGTH_BYTES = 8;

/**
 * Reads `__metadata__` of a safetensors header: names by ModelSpec (`modelspec.*`) and the keys that trainers use for the
 * base model. `bytes` is the start of the file, which must hold the whole header.
 *
 * @throws {DeclarationError} for a length beyond 16 MiB or the bytes, or a header that is no JSON object.
 */
export function readSafetensors(bytes: Uint8Array): DeclarationFacts {
  const header = readJsonObject(headerOf(bytes), MAX_HEADER);
  const metadata = header.get('__metadata__');
  const facts = collect();
  if (metadata.exists && !metadata.isObject) facts.remark('__metadata__ is not an object.');
  for (const key of [
    'base_model',
    'base_model_name_or_path',
    'ss_base_model',
    'ss_sd_model_name',
    'modelspec.base_model',
  ]) {
    const base = memberOf(metadata, key);
    if (base.exists && base.value !== '') addNamedInput(facts, 'base-model', base);
  }
  for (const key of ['dataset', 'datasets', 'modelspec.dataset']) {
    const dataset = memberOf(metadata, key);
    if (dataset.exists && dataset.value !== '') addNamedInput(facts, 'dataset', dataset);
  }
  for (const part of facts.text(memberOf(metadata, 'modelspec.merged_from'))?.split(',').slice(0, 100) ?? []) {
    const name = part.trim();
    if (name !== '') addNamedInput(facts, 'merged-from', new JsonPlace(name, '__metadata__.modelspec.merged_from'));
  }
  return declared('safetensors', facts, { name: facts.text(memberOf(metadata, 'modelspec.title')) });
}

/** The place of a key that itself has dots. */
function memberOf(metadata: JsonPlace, key: string): JsonPlace {
  return new JsonPlace(metadata.get(key).value, `__metadata__.${key}`);
}

function headerOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < LENGTH_BYTES) {
    throw new DeclarationError(
      'bad-header',
      `The file has ${bytes.length} bytes; the header's length takes ${LENGTH_BYTES}.`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) {
    throw new DeclarationError(
      'too-large',
      `Byte 0 gives a header of ${length} bytes; at most ${MAX_HEADER} are read.`,
    );
  }
  const end = LENGTH_BYTES + Number(length);
  if (end > bytes.length) {
    throw new DeclarationError(
      'bad-header',
      `The header ends at byte ${end}, after the ${bytes.length} bytes that were read.`,
    );
  }
  return bytes.subarray(LENGTH_BYTES, end);
}
