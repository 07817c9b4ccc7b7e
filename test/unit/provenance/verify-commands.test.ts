import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { formatTlogProof } from '#lib/provenance/tlog-proof.ts';
import {
  canQuote,
  checkpointCommand,
  cosignCommand,
  inclusionCommand,
  modelCommand,
  shellQuote,
} from '#lib/provenance/verify-commands.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasPython || !hasOpenssl)
  console.warn('Skipped: the commands shown on event pages need python3 and openssl to be tried.');

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));

const signer = { san: 'bot@models.example', issuer: 'https://accounts.models.example', hasOwnTrustRoot: false };

describe('a shell word', () => {
  it('means exactly its text, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => canQuote(text)),
        (text) => {
          expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`]).toString()).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is quoted only where it must be', () => {
    expect(shellQuote('https://github.com/a/b/.github/workflows/r.yml@refs/tags/v1')).not.toContain("'");
    expect(shellQuote("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  });
});

describe('the commands to verify a signature', () => {
  it('name identity, issuer and, where it is not the public one, the trust root', () => {
    expect(modelCommand(signer, 'e.json')?.command).toBe(
      'model_signing verify sigstore model \\\n  --signature e.json \\\n  --identity bot@models.example \\\n  --identity_provider https://accounts.models.example',
    );
    expect(cosignCommand({ ...signer, hasOwnTrustRoot: true }, 'e.json', null)?.command).toContain(
      '--trusted-root trusted_root.json',
    );
    expect(cosignCommand(signer, 'e.json', 'https://slsa.dev/provenance/v1')?.command).toMatch(
      /^cosign verify-blob-attestation/,
    );
  });

  it('are not given for an identity that a shell word cannot show', () => {
    expect(modelCommand({ ...signer, san: 'bot\\u{202e}' }, 'e.json')).toBeNull();
    expect(cosignCommand({ ...signer, issuer: null }, 'e.json', null)).toBeNull();
  });
});

describe.skipIf(!hasPython || !hasOpenssl)('the commands to verify a log entry', () => {
  const leaf = (data: Buffer) =>
    createHash('sha256')
      .update(Buffer.concat([Buffer.of(0), data]))
      .digest();
  const node = (left: Buffer, right: Buffer) =>
    createHash('sha256')
      .update(Buffer.concat([Buffer.of(1), left, right]))
      .digest();
  const entries = ['a', 'b', 'c'].map((text) => Buffer.from(text));
  const [a, b, c] = entries.map(leaf) as [Buffer, Buffer, Buffer];
  const body = `log.example\n3\n${node(node(a, b), c).toString('base64')}\n`;
  const proofs = [[b, c], [a, c], [node(a, b)]];

  function run(command: string) {
    return spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  }

  it('accept every entry of the tree, and no other', () => {
    entries.forEach((entry, index) => {
      writeFileSync(join(folder, 'e.entry'), entry);
      writeFileSync(
        join(folder, 'e.proof'),
        formatTlogProof(index, Buffer.concat(proofs[index] ?? []), `${body}\n— log.example AAAA\n`),
      );
      const { command } = inclusionCommand('e.entry', 'e.proof');
      expect(run(command)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^log\.example 3 /) });
      writeFileSync(join(folder, 'e.entry'), 'x');
      expect(run(command).status).not.toBe(0);
    });
  });

  it.each([
    ['PKIX_ED25519', () => generateKeyPairSync('ed25519'), null],
    ['PKIX_ECDSA_P256_SHA_256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ])('accept a checkpoint signed with %s, and none that was changed', (keyDetails, makeKey, hash) => {
    const { privateKey, publicKey } = makeKey();
    const signature = Buffer.concat([Buffer.from('01020304', 'hex'), sign(hash, Buffer.from(body), privateKey)]);
    const other = Buffer.concat([Buffer.from('09090909', 'hex'), Buffer.alloc(64)]);
    const lines = [other, signature].map((blob) => `— log.example ${blob.toString('base64')}\n`).join('');
    writeFileSync(join(folder, 'log.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(folder, 'c.checkpoint'), `${body}\n${lines}`);
    const command = checkpointCommand('c.checkpoint', 'log.pem', '01020304', keyDetails)?.command ?? 'false';
    expect(run(command).status).toBe(0);
    writeFileSync(join(folder, 'c.checkpoint'), `${body.replace('\n3\n', '\n4\n')}\n${lines}`);
    expect(run(command).status).not.toBe(0);
  });

  it('are not given for a kind of key that they cannot check', () => {
    expect(checkpointCommand('c', 'k', '00', 'PKIX_RSA_PKCS1V15_2048_SHA256')).toBeNull();
  });
});
