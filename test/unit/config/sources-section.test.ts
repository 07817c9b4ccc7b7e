import { describe, expect, it } from 'vitest';
import { composeConfig } from '#lib/config/compose.ts';
import { parseConfig } from '#lib/config/load.ts';
import { refusalOfAddress } from '#lib/config/public-url.ts';

const file = parseConfig(
  Buffer.from('organisation: { name: Models Example, contact: security@models.example }\n'),
  '/etc/modeltrail/modeltrail.yaml',
);

function problemOf(source: object): string {
  const value = JSON.stringify({ name: 's', ...source });
  const { setAside, config } = composeConfig(file, [
    { section: 'sources', name: 's', value, enabled: true, revision: 1 },
  ]);
  expect(config.sources).toHaveLength(setAside.length === 0 ? 1 : 0);
  return setAside
    .flatMap(({ problems }) => problems.map(({ path, message }) => `${path.join('.')} ${message}`))
    .join('; ');
}

describe('a source that was set in a browser', () => {
  it.each([
    [{ directory: '/etc' }, /directory names a directory of the server/],
    [{ folder: '../secrets', each: true }, /folder names a folder of the server/],
    [{ oci: '/var/lib/layout' }, /oci names a folder of the server/],
    [{ oci: 'file:///etc/passwd' }, /oci names a folder of the server/],
    [{ oci: 'OCI://registry.example.com/m' }, /oci names a folder of the server/],
    [
      { oci: 'oci://registry.example.com/m', username: 'u', 'password-file': '/etc/shadow' },
      /password-file names a file/,
    ],
    [{ github: 'o/r', 'token-file': '/run/secrets/token' }, /token-file names a file of the server/],
    [{ github: 'o/r', 'allow-http': true }, /allow-http is for the file alone/],
    [{ github: 'o/r', api: 'http://127.0.0.1:9000' }, /api is not https/],
    [{ github: 'o/r', api: 'https://169.254.169.254/latest' }, /api leads to an address that is not on the public/],
    [{ 'rekor-index': 'https://localhost' }, /rekor-index names a machine inside/],
    [{ 'rekor-index': 'https://vault.internal' }, /names a machine inside/],
    [{ oci: 'oci://localhost:5000/m' }, /oci names a machine inside/],
    [{ oci: 'oci://10.0.0.7/m' }, /oci leads to an address/],
    [{ oci: 'oci://[::1]/m' }, /oci leads to an address/],
  ])('may not be %j', (source, problem) => {
    expect(problemOf(source)).toMatch(problem);
  });

  it.each([
    { oci: 'oci://registry.example.com:8443/models/base' },
    { github: 'models-example/base' },
    { github: 'models-example/base', api: 'https://github.models.example/api/v3' },
    { 'rekor-index': 'https://rekor.sigstore.dev' },
  ])('may be %j', (source) => {
    expect(problemOf(source)).toBe('');
  });

  it.each([
    'https://0x7f.1',
    'https://2130706433',
    'https://0177.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://[fd00::1]',
    'https://[64:ff9b::7f00:1]',
    'https://100.64.0.1',
    'https://intranet',
    'https://LOCALHOST.',
    'https://a.b.localhost',
  ])('may not be at %s, however that is spelt', (address) => {
    expect(refusalOfAddress(address)).not.toBeNull();
  });
});
