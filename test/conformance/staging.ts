import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from '@sigstore/core';
import { initTUF } from '@sigstore/tuf';

const MIRROR = 'https://tuf-repo-cdn.sigstage.dev';
const FIRST_ROOT = 15;
/** SHA-256 of the canonical JSON (RFC 8785) of what version 15 of staging's TUF root signs: where trust in it begins. */
const FIRST_ROOT_SHA256 = '40e86c2068f1f0138afee6334ee5c2d3a9805f103c048a6b534ec46109d2ee62';

/**
 * A target of the Sigstore staging instance, through TUF.
 *
 * @throws {Error} without a network: no package ships a copy of staging's trust root.
 */
export async function stagingTarget(name: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sigstore-staging-'));
  try {
    const rootPath = join(folder, 'first-root.json');
    await writeFile(rootPath, await fetchFirstRoot());
    const tuf = await initTUF({
      mirrorURL: MIRROR,
      cachePath: folder,
      rootPath,
      timeout: 10_000,
      retry: { retries: 1 },
    });
    return Buffer.from(await tuf.getTarget(name));
  } catch (error) {
    throw new Error(
      `${name} of the Sigstore staging instance cannot be had from ${MIRROR}: ${describe(error)}. ` +
        'No copy of it is shipped: name one (--trusted-root, --signing-config), or connect to the network.',
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchFirstRoot(): Promise<string> {
  const response = await fetch(`${MIRROR}/${FIRST_ROOT}.root.json`, { signal: AbortSignal.timeout(15_000) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const text = await response.text();
  const { signed } = JSON.parse(text) as { signed: Parameters<typeof json.canonicalize>[0] };
  const sha256 = createHash('sha256').update(json.canonicalize(signed)).digest('hex');
  if (sha256 !== FIRST_ROOT_SHA256) throw new Error(`its TUF root ${FIRST_ROOT} is not the one known here`);
  return text;
}

function describe(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
