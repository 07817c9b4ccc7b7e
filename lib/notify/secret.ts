import type { SecretSource } from '#lib/config/secret-schema.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';
import { DeliveryError } from './delivery-error.ts';

/**
 * The secret that a channel names, read anew for each message, so that it can be replaced while Modeltrail runs.
 *
 * @throws {DeliveryError} where it cannot be had; the message names the place alone.
 */
export async function readSecret(
  { file, env }: SecretSource,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (file !== undefined) {
    try {
      return await readSecretFile(file);
    } catch (error) {
      throw new DeliveryError((error as Error).message, 'maybe');
    }
  }
  const secret = (environment[env ?? ''] ?? '').trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(secret)) return secret;
  throw new DeliveryError(`The environment variable ${env} of the jobs holds no secret.`, 'unlikely');
}
