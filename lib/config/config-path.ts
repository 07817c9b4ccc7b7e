import { resolve } from 'node:path';

/** The configuration file: the one that is named, else `MODELTRAIL_CONFIG`, else `modeltrail.yaml` in the working directory. */
export function configPath(named?: string): string {
  return resolve(/* turbopackIgnore: true */ named ?? process.env.MODELTRAIL_CONFIG ?? 'modeltrail.yaml');
}
