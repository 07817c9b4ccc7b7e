import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';

/** Cases of sigstore-conformance (bundle-verify), which lie beside the project where they are at hand. */
const folder = fileURLToPath(new URL('../../../shared/conformance/sigstore', import.meta.url));
const cases = existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  : [];
if (cases.length === 0) console.warn(`SKIPPED: no Sigstore conformance cases in ${folder}`);

const IDENTITY =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

/** The reason of a refusal, or null. */
function refusal(name: string): string | null {
  const path = (file: string) => join(folder, name, file);
  const text = (file: string, otherwise: string) =>
    existsSync(path(file)) ? readFileSync(path(file), 'utf8').trim() : otherwise;
  try {
    const root = parseTrustedRoot(
      existsSync(path('trusted_root.json')) ? readFileSync(path('trusted_root.json')) : publicGoodSeed(),
    );
    const hasKey = existsSync(path('key.pub'));
    const verdict = verifyBundle(readBundle(readFileSync(path('bundle.sigstore.json'))), root, {
      now: Date.now(),
      artifact: readFileSync(existsSync(path('artifact')) ? path('artifact') : join(folder, 'a.txt')),
      ...(hasKey && { key: createPublicKey(readFileSync(path('key.pub'))) }),
    });
    if (verdict.outcome === 'refused') return verdict.reason;
    if (hasKey) return null;
    const { signer } = verdict;
    const isExpected =
      signer?.raw === Buffer.from(text('identity', IDENTITY)).toString('hex') &&
      signer.issuer === text('issuer', ISSUER);
    return isExpected ? null : 'another identity';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.skipIf(cases.length === 0)('sigstore-conformance', () => {
  it.each(cases.filter((name) => !name.endsWith('_fail')))('%s verifies', (name) => {
    expect(refusal(name)).toBeNull();
  });

  it.each(cases.filter((name) => name.endsWith('_fail')))('%s is refused', (name) => {
    expect(refusal(name)).not.toBeNull();
  });
});
