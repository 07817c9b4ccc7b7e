import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '#lib/oci/descriptor.ts';
import { readModelImage } from '#lib/oci/model-image.ts';
import { parseChallenge } from '#lib/oci/registry-login.ts';
import { parseLogEntry } from '#lib/rekor-v1/log-entry.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import { isPublicHost } from '#lib/remote/public-host.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const descriptor = (besides: object = {}) => ({
  mediaType: 'application/octet-stream',
  digest: DIGEST,
  size: 1,
  ...besides,
});
const manifestOf = (json: object) => parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, ...json })), DIGEST);

/** Runs what may refuse, but may not fail in any other way. */
function refusesOnly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AnswerError);
  }
}

describe('hostile answers', () => {
  it('are refused in one kind of error, whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        refusesOnly(() => parseManifest(Buffer.from(json), DIGEST));
        refusesOnly(() => parseLogEntry(Buffer.from(json), 'a'.repeat(64)));
        refusesOnly(() => parseLogEntry(Buffer.from(`{"${'a'.repeat(64)}":${json}}`), 'a'.repeat(64)));
      }),
    );
  });

  it('are refused with the field at fault, wherever in a manifest it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('layers', 'config', 'subject', 'manifests', 'annotations', 'artifactType', 'mediaType'),
        fc.oneof(fc.jsonValue(), fc.constant([descriptor({ annotations: 5 })]), fc.constant(descriptor({ size: -1 }))),
        (field, value) => refusesOnly(() => readModelImage(manifestOf({ [field]: value }))),
      ),
    );
    expect(() => manifestOf({ layers: [descriptor(), descriptor({ size: 0.5 })] })).toThrow(
      'layers[1].size is not a count',
    );
    expect(() => manifestOf({ config: descriptor({ digest: 'sha256:../../x' }) })).toThrow(
      'config.digest is no SHA-256',
    );
    expect(() => manifestOf({ layers: Array.from({ length: 10_001 }, () => descriptor()) })).toThrow(
      'more than the 10000',
    );
  });

  it('of a login are refused, however long or odd, in no time', () => {
    fc.assert(fc.property(fc.string(), (text) => refusesOnly(() => parseChallenge(text))));
    for (const text of [`Bearer ${'a="'.repeat(100_000)}`, `Bearer realm="${'x'.repeat(4000)}`, 'Bearer realm="x"']) {
      expect(() => parseChallenge(text)).toThrow(AnswerError);
    }
  });
});

describe('isPublicHost', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '[::1]',
    '[fe80::1]',
    '[fd00::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:a00:1]',
    'localhost',
  ])('holds %s to be inside', async (host) => {
    expect(await isPublicHost(host)).toBe(false);
  });

  it.each(['93.184.215.14', '172.32.0.1', '[2606:2800:21f:cb07:6820:80da:af6b:8b2c]'])(
    'holds %s to be public',
    async (host) => {
      expect(await isPublicHost(host)).toBe(true);
    },
  );
});
