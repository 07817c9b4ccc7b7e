import { accessSync, constants, statSync } from 'node:fs';
import type { SourceConfig } from '#lib/config/sources-schema.ts';
import { formatDuration } from '#lib/provenance/format.ts';

/** One source in a line, with what of it is not there now: that is no mistake, for it is looked for again. */
export function describeSource(source: SourceConfig): string {
  const { name } = source;
  if ('directory' in source) return `${name}: directory ${describeFolder(source.directory, 'every minute')}`;
  const every = `every ${formatDuration(source.every)}`;
  if ('folder' in source) {
    const what = source.each ? 'model repositories in' : 'model repository';
    return `${name}: ${what} ${describeFolder(source.folder, every)}, ${every}`;
  }
  if ('oci' in source) {
    const { oci, username, passwordFile } = source;
    if ('layout' in oci) return `${name}: OCI layout ${describeFolder(oci.layout, every)}, ${every}`;
    const login = passwordFile === undefined ? '' : `, as ${username} with ${describeSecret(passwordFile)}`;
    return `${name}: OCI registry ${oci.registry}/${oci.repository}${login}, ${every}`;
  }
  if ('github' in source) {
    const { github, api, tokenFile } = source;
    const token = tokenFile === undefined ? 'without a token' : `with ${describeSecret(tokenFile)}`;
    return `${name}: attestations of ${github} at ${api}, ${token}, ${every}`;
  }
  return `${name}: search index of ${source.rekorIndex}, ${every}`;
}

function describeFolder(path: string, when: string): string {
  const isThere = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isThere ? path : `${path} (no such directory; it is looked for ${when})`;
}

/** The secret itself is not read: whoever checks a configuration need not be who runs it. */
function describeSecret(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch {
    return `${path} (cannot be read by you; the jobs read it for each look)`;
  }
}
