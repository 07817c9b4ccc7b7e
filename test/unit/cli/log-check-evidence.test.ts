import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { evidenceOfFork } from '#lib/tlog/build-evidence.ts';
import { formatEvidence } from '#lib/tlog/evidence-file.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-evidence-'));
const keys = generateKeyPairSync('ed25519');
const entries = (text: string, length: number) => Array.from({ length }, (_, i) => Buffer.from(`${text} ${i}`));
const held = new MintedLog('rekor.localhost', keys).add(...entries('entry', 600));
const shown = new MintedLog('rekor.localhost', keys).add(...held.entries.slice(0, 300), ...entries('other', 600));
const verifier = ed25519Verifier(held.origin, held.rawKey);
const VKEY = formatVerifierKey(verifier);

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A trusted_root.json with one log. */
function trustedRoot(log: MintedLog): string {
  const tlog = {
    baseUrl: `https://${log.origin}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: log.publicKey.toString('base64'),
      keyDetails: 'PKIX_ED25519',
      validFor: { start: '2026-01-01T00:00:00Z' },
    },
    logId: { keyId: log.logId.toString('base64') },
  };
  const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
  return JSON.stringify({ mediaType, tlogs: [tlog], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] });
}

const check = (...args: string[]) => runCli(['log', 'check-evidence', ...args]);
let file: string;
let bytes: Uint8Array;

beforeAll(async () => {
  const tree = await AuthenticatedTree.open(new MintedSource(shown, 900), { size: 900, root: shown.root(900) });
  const evidence = await evidenceOfFork(
    { origin: held.origin, keys: [verifier] },
    { smaller: held.checkpoint(600).toString(), larger: shown.checkpoint(900).toString() },
    (level, index) => tree.subtree(level, index),
  );
  bytes = formatEvidence(evidence);
  file = write('fork.json', bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('log check-evidence', { timeout: 60_000 }, () => {
  it("proves the fork by the log's key, and prints every check", async () => {
    const { code, stdout } = await check(file, '--key', VKEY);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'fork.json: proves\nThe log rekor.localhost signed two trees of which the larger does not',
    );
    for (const label of ["Log's key", 'Smaller tree', 'Larger tree', 'Sizes', 'Hashes', 'Contradiction']) {
      expect(stdout).toMatch(new RegExp(`^passed +${label}: `, 'm'));
    }
    expect(stdout).not.toContain('WARNING');
  });

  it('takes the key as a file in PEM, and from a trust root', async () => {
    const pem = write('log.pem', keys.publicKey.export({ type: 'spki', format: 'pem' }));
    const root = write('trusted_root.json', trustedRoot(held));
    for (const args of [
      ['--key', pem],
      ['--trusted-root', root],
    ]) {
      const { code, stdout } = await check(file, ...args);
      expect(stdout).toMatch(/^passed +Log's key: /m);
      expect(code).toBe(0);
    }
  });

  it("says aloud that the key is the file's claim, where none is given", async () => {
    const { code, stdout } = await check(file);
    expect(code).toBe(0);
    expect(stdout).toContain("fork.json: proves, if the key is the log's\nWhoever holds the key in the file");
    expect(stdout).toContain('WARNING: the key is the one that the file brings along');
    expect(stdout).toMatch(/^not checked +Log's key: /m);
    const json = JSON.parse((await check(file, '--json')).stdout) as unknown;
    expect(json).toMatchObject({ outcome: 'proves', kind: 'fork', origin: 'rekor.localhost', keyIsTrusted: false });
  });

  it('does not take it against another log', async () => {
    const other = new MintedLog('rekor.localhost');
    const vkey = formatVerifierKey(ed25519Verifier(other.origin, other.rawKey));
    const root = write('other_root.json', trustedRoot(other));
    for (const args of [
      ['--key', vkey],
      ['--trusted-root', root],
    ]) {
      const { code, stdout } = await check(file, ...args);
      expect(code).toBe(1);
      expect(stdout).toContain('fork.json: does not prove');
      expect(stdout).toMatch(/^failed +Log's key: .* is not the one that you trust\.$/m);
    }
  });

  it('does not take it with a byte changed, or what is no evidence', async () => {
    const at = bytes.length - 40;
    const changed = write('changed.json', bytes.with(at, (bytes[at] ?? 0) ^ 1));
    expect(await check(changed, '--key', VKEY)).toMatchObject({ code: 1 });
    const { code, stdout } = await check(write('x.json', '{"kind":"fork"}'), '--key', VKEY);
    expect(code).toBe(1);
    expect(stdout).toContain('The evidence cannot be read: its "mediaType" is not');
  });

  it.each([
    ['a key that is none', ['--key', 'name+0a1b2c3d+AA=='], 'cannot be used'],
    ['a key file that is none', ['--key', '/dev/null'], 'no public key in PEM'],
    ['a key and a trust root', ['--key', VKEY, '--trusted-root', 'x'], 'Leave one out'],
  ])('exits 2 for %s', async (_, args, message) => {
    const { code, stderr } = await check(file, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('exits 2 for a file that is not there', async () => {
    const { code, stderr } = await check(join(folder, 'none.json'));
    expect(code).toBe(2);
    expect(stderr).toContain('The evidence cannot be read');
  });
});
