import { readFile, stat } from 'node:fs/promises';
import { serverPrimitives } from '#lib/rekor/server-primitives.ts';
import { TlogError } from '#lib/tlog/error.ts';
import type { LogPolicy } from '#lib/tlog/policy.ts';
import { parsePolicy } from '#lib/tlog/policy-file.ts';

const MAX_BYTES = 1024 * 1024;

/** The file of witnesses cannot be used: the sentence says which, where, and the mend. */
export class WitnessPolicyError extends Error {
  override readonly name = 'WitnessPolicyError';
}

/** Reads the tlog-policy file that the configuration names; undefined where it names none. @throws {WitnessPolicyError} */
export async function loadWitnessPolicy(path: string | undefined): Promise<LogPolicy | undefined> {
  if (path === undefined) return undefined;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new WitnessPolicyError(`${path} has ${size} bytes; is this the right file?`);
    return parsePolicy(await readFile(path), serverPrimitives);
  } catch (error) {
    if (error instanceof TlogError) throw new WitnessPolicyError(`logs.witness-policy, ${path}: ${error.message}`);
    if (error instanceof WitnessPolicyError) throw error;
    throw new WitnessPolicyError(`logs.witness-policy, ${path}, cannot be read: ${(error as Error).message}`);
  }
}
