import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { isSize } from '#lib/tlog/size.ts';
import type { StatedTree } from './entry.ts';
import { TrainingLogError } from './training-log-error.ts';

const MAX_BYTES = 64 * 1024;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Reads a receipt: `{"size":…,"root":…}`, what a log's tree was at some time, as `trainlog append --receipt` prints it.
 * Other members are passed over.
 *
 * @throws {TrainingLogError}
 */
export function readReceipt(bytes: Uint8Array): StatedTree {
  try {
    const { size, root } = Object(parseStrictJson(bytes, { maxBytes: MAX_BYTES })) as Record<string, unknown>;
    if (typeof size === 'number' && isSize(size) && size > 0 && typeof root === 'string' && SHA256.test(root)) {
      return { size, root };
    }
  } catch (error) {
    if (error instanceof JsonError)
      throw new TrainingLogError('bad-receipt', `The receipt cannot be read. ${error.message}`);
    throw error;
  }
  throw new TrainingLogError('bad-receipt', 'The receipt has no "size" from 1, or no "root" in lower-case hex.');
}
