import { resolve } from 'node:path';

/** The configuration file: `MODELTRAIL_CONFIG`, else `modeltrail.yaml` in the working directory. Absolute. */
export function configPath(): string {
  return resolve(process.env.MODELTRAIL_CONFIG ?? 'modeltrail.yaml');
}
