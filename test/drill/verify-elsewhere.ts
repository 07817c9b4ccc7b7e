import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatUtc } from '#lib/provenance/format.ts';
import { temporaryFolder } from '#test/support/product.ts';
import type { Ledger } from './ledger.ts';
import type { Office } from './office.ts';

const CLI = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url));

/** Somebody else verifies the archive: a folder with it and a trust root of their own, the command line, and nothing else. */
export async function verifyElsewhere({
  office,
  ledger,
  archive,
}: {
  readonly office: Office;
  readonly ledger: Ledger;
  readonly archive: string;
}): Promise<void> {
  const elsewhere = temporaryFolder();
  const file = join(elsewhere.path, 'evidence.zip');
  copyFileSync(archive, file);
  copyFileSync(office.stack.trustedRoot, join(elsewhere.path, 'trusted_root.json'));
  await office.stop();
  try {
    const good = await verify(office, elsewhere.path, 'evidence.zip');
    ledger.expect(
      'the archive verifies elsewhere, with the product switched off',
      good.code === 0,
      `${good.first}, on ${formatUtc(office.now())}`,
    );
    const bytes = readFileSync(file);
    const places = Array.from({ length: 20 }, (_, i) => Math.floor(((i + 0.5) * bytes.length) / 20));
    for (const at of places) {
      const forged = Buffer.from(bytes);
      forged[at] = (forged[at] ?? 0) ^ 0x01;
      writeFileSync(join(elsewhere.path, 'forged.zip'), forged);
      const bad = await verify(office, elsewhere.path, 'forged.zip');
      if (bad.code !== 1) throw new Error(`a bit was turned at ${at} of ${bytes.length}, and it was not refused`);
    }
    ledger.expect('with one bit turned it does not, wherever that is', true, `${places.length} places tried`);
  } finally {
    elsewhere.remove();
  }
}

async function verify(office: Office, cwd: string, file: string): Promise<{ code: number; first: string }> {
  const args = [CLI, 'incident', 'verify', file, '--trusted-root', 'trusted_root.json'];
  const env = { NODE_ENV: 'production', PATH: process.env.PATH ?? '', HOME: cwd, ...office.env } as const;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 120_000 });
    return { code: 0, first: stdout.split('\n')[0] ?? '' };
  } catch (error) {
    const { code, stderr, stdout } = error as { code?: unknown; stderr?: string; stdout?: string };
    return { code: typeof code === 'number' ? code : -1, first: (stdout || stderr || '').split('\n')[0] ?? '' };
  }
}
