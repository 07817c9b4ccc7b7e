import { z } from '@hono/zod-openapi';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { HASH_LIST_LIMITS } from '#lib/hash-list/limits.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { ApiError } from './problem.ts';
import { readBody } from './read-body.ts';

/** The body of routes that take a list of hashes, for their descriptions. */
export const hashListBody = {
  required: true,
  description:
    'A list of hashes, at most 32 MiB and 100,000 files: lines of sha256sum, b2sum or b3sum, a `modeltrail.manifest/v1`, a model signature, or a listing of the Hugging Face Hub. Which it is, is told by its content.',
  content: {
    'text/plain': { schema: z.string().min(1) },
    'application/json': { schema: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]) },
  },
};

/** @throws {ApiError} 400 without a body, 413 for one too large, 422 for what cannot be read as a list of hashes. */
export async function readGivenHashList(request: Request): Promise<HashList> {
  const bytes = await readBody(request, HASH_LIST_LIMITS.maxBytes);
  try {
    return readHashList(bytes);
  } catch (error) {
    if (!(error instanceof HashListError)) throw error;
    const { code, at, message } = error;
    if (code === 'too-large') throw new ApiError({ code: 'too-large', detail: message });
    if (code === 'too-many-files') throw new ApiError({ code: 'too-many', detail: message, at });
    throw new ApiError({ code: 'list-refused', reason: code, detail: message, at });
  }
}
