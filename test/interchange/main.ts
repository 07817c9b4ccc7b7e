import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyless } from './keyless.ts';
import { Results } from './results.ts';
import { Clients, COSIGN } from './run-client.ts';
import { ENDPOINTS, identities, LOGS } from './stack.ts';
import { withCertificate } from './with-certificate.ts';
import { withKey } from './with-key.ts';

/**
 * Interchange with the real clients on a Sigstore stack of one's own: what one signs the others verify, and what was
 * changed since none of them does. Run by hand: node test/interchange/main.ts
 *
 * Needs STACK_DIR (endpoints.json, signing_config.v1.json and .v2.json, trusted_root.json and trust_config*.json of a
 * running stack), MODEL_SIGNING and COSIGN (paths of the clients), and openssl. Without them nothing is tried: exit 2.
 */
async function main(): Promise<number> {
  const clients = new Clients(await mkdtemp(join(tmpdir(), 'interchange-')));
  const results = new Results();
  try {
    const lacking = await findLacking(clients);
    if (lacking.length > 0) {
      console.error(`Skipped: nothing was tried, for these are missing: ${lacking.join(', ')}.`);
      return 2;
    }
    for (const log of LOGS) for (const identity of identities()) await keyless(clients, results, log, identity);
    await withKey(clients, results);
    await withCertificate(clients, results);
  } finally {
    await rm(clients.folder, { recursive: true });
  }
  return results.report();
}

async function findLacking(clients: Clients): Promise<string[]> {
  return [
    ...(existsSync(ENDPOINTS) ? [] : ['STACK_DIR with a running stack']),
    ...(existsSync(COSIGN) ? [] : ['COSIGN']),
    ...((await clients.modelSigning('--version')).ok ? [] : ['MODEL_SIGNING']),
    ...((await clients.run('openssl', ['version'])).ok ? [] : ['openssl']),
  ];
}

process.exitCode = await main();
