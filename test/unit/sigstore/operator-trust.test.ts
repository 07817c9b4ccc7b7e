import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadOperatorTrust, parseTrustedAuthority, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';
import { MintedAuthority } from './mint-oms.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-operator-trust-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/oms/${name}`, import.meta.url), 'utf8');
const put = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return { name, file: join(folder, name) };
};
const spki = (pair: { publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }) =>
  String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
const own = new MintedAuthority();

function errorOf(task: () => unknown): TrustError {
  try {
    task();
  } catch (error) {
    if (error instanceof TrustError) return error;
    throw error;
  }
  throw new Error('taken');
}

describe("the operator's trust", () => {
  it('is read from files of PEM, each under its name', async () => {
    const both = own.root.certificate.toString() + own.intermediate.certificate.toString();
    const trust = await loadOperatorTrust({
      keys: [put('release key', fixture('p256.pub')), put('other', `a remark\n${fixture('p521.pub')}`)],
      authorities: [put('own', both)],
    });
    expect(trust.keys.map(({ name }) => name)).toEqual(['release key', 'other']);
    expect(trust.authorities.map(({ name, certificates }) => [name, certificates.length])).toEqual([['own', 2]]);
  });

  it('knows a key by the hint that model_signing gives it', () => {
    const { verificationMaterial } = JSON.parse(fixture('files-p256.sig'));
    expect(parseTrustedKey('release', fixture('p256.pub')).hints).toContain(verificationMaterial.publicKey.hint);
    const windows = fixture('p256.pub').replaceAll('\n', '\r\n');
    expect(parseTrustedKey('release', windows).hints).toContain(verificationMaterial.publicKey.hint);
  });

  it.each([
    ['nothing', '', /is not one public key in PEM, but has nothing/],
    ['two keys', fixture('p256.pub') + fixture('p384.pub'), /has PUBLIC KEY, PUBLIC KEY/],
    ['a certificate', own.root.certificate.toString(), /has CERTIFICATE/],
    ['no key within', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', /cannot be read/],
    [
      'a curve that models are not signed with',
      spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      /secp256k1/,
    ],
    ['a short RSA key', spki(generateKeyPairSync('rsa', { modulusLength: 1024 })), /1024 bits/],
    ['a key that signs nothing', spki(generateKeyPairSync('x25519')), /x25519/],
  ])('refuses a key file with %s, naming it', (_, pem, message) => {
    const error = errorOf(() => parseTrustedKey('k', pem, '/etc/k.pub'));
    expect(error.code).toBe('bad-key');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('/etc/k.pub');
  });

  it('refuses a private key, and says to move it away', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const type of ['pkcs8', 'sec1'] as const) {
      const error = errorOf(() => parseTrustedKey('k', String(privateKey.export({ type, format: 'pem' }))));
      expect(error.message).toMatch(/private key.*move this one away/);
    }
  });

  it.each([
    ['nothing', ''],
    ['a key', fixture('p256.pub')],
    ['a certificate and a key', own.root.certificate.toString() + fixture('p256.pub')],
    ['no certificate within', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['more certificates than are read', own.root.certificate.toString().repeat(201)],
  ])('refuses an authority file with %s', (_, pem) => {
    expect(errorOf(() => parseTrustedAuthority('a', pem)).code).toBe('bad-certificate');
  });

  it('refuses files that are not there or too large', async () => {
    const missing = { name: 'm', file: join(folder, 'missing.pub') };
    await expect(loadOperatorTrust({ keys: [missing], authorities: [] })).rejects.toThrow(
      /missing\.pub cannot be read.*trust\.keys/,
    );
    const large = put('large', Buffer.alloc(1024 * 1024 + 1, 'a'));
    await expect(loadOperatorTrust({ keys: [], authorities: [large] })).rejects.toThrow(/larger than 1 MiB/);
  });

  it('reads hostile text in no more than linear time', () => {
    const started = performance.now();
    for (const text of [
      '-----BEGIN PUBLIC KEY-----'.repeat(40_000),
      '-----BEGIN A-----\n'.repeat(50_000),
      `-----BEGIN A-----${'a'.repeat(1_000_000)}`,
    ]) {
      errorOf(() => parseTrustedKey('k', text));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
