import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactAliases, declarations } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { deliveries } from '#db/schema/source.ts';
import type { OciSource } from '#lib/config/sources-schema.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { pollOci } from '#lib/services/source/poll-oci.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { indexOf, MintedOci } from '#test/support/minted-oci.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { standardsOf } from '#test/support/standards.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const read = (path: string) => readFileSync(join(FIXTURES, path));
const standards = standardsOf(read('trusted_root.json'));
const ROOT = '08c6c8d5cb502fba61d315f19a2c4de2c844dc41c63c39ed13d4939321bc6fc5';
const SIGNATURE = 'application/vnd.model-signing.signature.v0.1';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const REPOSITORY = 'models/northwind';
const MODELPACK = JSON.stringify({ descriptor: { name: 'northwind', sourceURL: 'https://git.example/northwind' } });

let ctx: TestContext;
let server: AnsweringServer;
let client: RemoteClient;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  client = new RemoteClient({ userAgent: 'Modeltrail/test', attempts: 1 });
  folder = temporaryFolder();
});
afterEach(async () => {
  await client.close();
  await server.stop();
  folder.remove();
  ctx.database.close();
});

/** An image whose layers are the files of northwind-late as they are. */
function mintImage(oci: MintedOci, filepath = 'org.cncf.model.filepath') {
  const layers = ['config.json', 'weights.bin'].map((path) =>
    oci.blob(read(`northwind-late/${path}`), 'application/vnd.cncf.model.weight.v1.raw', { [filepath]: path }),
  );
  const config = oci.blob(MODELPACK, 'application/vnd.cncf.model.config.v1+json');
  return oci.manifest({ config, layers }, '1.0.0');
}

const lookAt = (oci: OciSource['oci'], besides: Partial<OciSource> = {}) =>
  pollOci(ctx, { name: 'registry', oci, every: 60_000, ...besides }, standards, client);
const lookAtLayout = () => lookAt({ layout: folder.path });
const lookAtRegistry = (besides?: Partial<OciSource>) =>
  lookAt({ registry: server.url, repository: REPOSITORY }, besides);
const aliases = () => ctx.database.db.select().from(artifactAliases).all();
const listed = () => ctx.database.db.select().from(deliveries).all();

/** Both the image's digest and the OMS root name one and the same artifact. */
function expectOneArtifact(digest: string): void {
  const named = aliases().filter(({ value }) => value === ROOT || value === digest.slice(7));
  expect(named.map(({ kind }) => kind).sort()).toEqual(['oci-manifest', 'oms-root']);
  expect(new Set(named.map(({ artifactId }) => artifactId)).size).toBe(1);
}

describe.each(['layout', 'registry'] as const)('an OCI %s', (kind) => {
  const look = (oci: MintedOci) => {
    if (kind === 'layout') oci.writeLayout(folder.path);
    server.answer = (request) => oci.answer(request, REPOSITORY);
    return kind === 'layout' ? lookAtLayout() : lookAtRegistry();
  };

  it('gives the model signatures that refer to its images, each once', async () => {
    const oci = new MintedOci();
    const subject = mintImage(oci);
    oci.manifest({ layers: [oci.blob(read('model.sig'), SIGNATURE)], subject, artifactType: SIGNATURE });
    expect((await look(oci)).counts).toMatchObject({ read: 1, accepted: 2, refused: 0 });
    expect(ctx.database.db.select().from(bundles).all()).toMatchObject([{ state: 'verified' }]);
    expectOneArtifact(subject.digest);
    expect((await look(oci)).counts).toMatchObject({ read: 0, unchanged: 1, refused: 0 });
  });

  it.each([[`.sig`], ['']])('gives signatures by the tag made of the digest (sha256-…%s)', async (suffix) => {
    const oci = new MintedOci();
    const subject = mintImage(oci);
    const signature = oci.manifest({ layers: [oci.blob(read('model.sig'), BUNDLE)], artifactType: BUNDLE });
    oci.referrers = () => [];
    const tag = `${subject.digest.replace(':', '-')}${suffix}`;
    if (suffix === '') {
      const index = Buffer.from(indexOf([signature]));
      const descriptor = oci.blob(index, 'application/vnd.oci.image.index.v1+json');
      oci.manifests.set(descriptor.digest, index);
      oci.tags.set(tag, descriptor.digest);
    } else oci.tags.set(tag, signature.digest);
    const honest = oci.answer.bind(oci);
    oci.answer = (request, repository) =>
      request.path.includes('/referrers/') ? undefined : honest(request, repository);
    expect((await look(oci)).counts).toMatchObject({ read: 1, refused: 0 });
    expectOneArtifact(subject.digest);
  });

  it('knows the version of unsigned files by their digests, and what the config declares of it', async () => {
    const oci = new MintedOci();
    const { digest } = mintImage(oci, 'org.opencontainers.image.title');
    await look(oci);
    expect(ctx.database.db.select().from(versions).all()).toMatchObject([
      { root: ROOT, seenAs: 'observed', label: '1.0.0' },
    ]);
    expectOneArtifact(digest);
    expect(ctx.database.db.select().from(declarations).all()).toMatchObject([
      { kind: 'modelpack', source: 'registry' },
    ]);
  });

  it('takes a signature of other files for no signature of the image', async () => {
    const oci = new MintedOci();
    const layers = [
      oci.blob('others', 'application/octet-stream', { 'org.opencontainers.image.title': 'weights.bin' }),
    ];
    const subject = oci.manifest({ layers }, 'other');
    oci.manifest({ layers: [oci.blob(read('model.sig'), SIGNATURE)], subject, artifactType: SIGNATURE });
    await look(oci);
    const [image, signed] = [subject.digest.slice(7), ROOT].map((value) =>
      aliases().find((alias) => alias.value === value),
    );
    expect(image?.artifactId).not.toBe(signed?.artifactId);
  });

  it('refuses content that is not what its digest names, and goes on', async () => {
    const oci = new MintedOci();
    const subject = mintImage(oci);
    const layer = oci.blob(read('model.sig'), SIGNATURE);
    oci.manifest({ layers: [layer], subject, artifactType: SIGNATURE });
    oci.blobs.set(layer.digest, Buffer.from('{"something":"else"}'));
    expect((await look(oci)).counts).toMatchObject({ refused: 1 });
    expect(listed().find(({ outcome }) => outcome === 'refused')?.reason).toContain('is not what it is named');
    expect(ctx.database.db.select().from(bundles).all()).toEqual([]);
  });

  it('refuses a bundle that is larger than one may be, unread', async () => {
    const oci = new MintedOci();
    const subject = mintImage(oci);
    const layer = { ...oci.blob('x', SIGNATURE), size: 10 ** 12 };
    oci.manifest({ layers: [layer], subject, artifactType: SIGNATURE });
    await look(oci);
    expect(listed().find(({ outcome }) => outcome === 'refused')?.reason).toMatch(/has 1000000000000 bytes; at most/);
  });

  it("passes over cosign's older signatures, which are no bundles", async () => {
    const oci = new MintedOci();
    const { digest } = mintImage(oci);
    const layers = [oci.blob('{"critical":{}}', 'application/vnd.dev.cosign.simplesigning.v1+json')];
    oci.manifest({ layers }, `${digest.replace(':', '-')}.sig`);
    expect((await look(oci)).counts).toMatchObject({ read: 0, refused: 0 });
  });
});

describe('a registry', () => {
  const oci = () => {
    const minted = new MintedOci();
    mintImage(minted);
    return minted;
  };

  it('is given a token that it asks for, with the login, and no other server is', async () => {
    const minted = oci();
    writeFileSync(join(folder.path, 'password'), 'correct horse\n'.replace(' ', '-'));
    server.answer = (request) => {
      if (request.path.startsWith('/token?')) {
        const isGood =
          request.headers.authorization === `Basic ${Buffer.from('robot:correct-horse').toString('base64')}`;
        return isGood ? { body: '{"token":"t0k3n"}' } : { status: 401 };
      }
      if (request.headers.authorization === 'Bearer t0k3n') return minted.answer(request, REPOSITORY);
      const challenge = `Bearer realm="${server.url}/token",service="registry",scope="repository:${REPOSITORY}:pull"`;
      return { status: 401, headers: { 'www-authenticate': challenge } };
    };
    await lookAtRegistry({ username: 'robot', passwordFile: join(folder.path, 'password') });
    expect(server.paths()).toContain(
      `/token?service=registry&scope=repository%3A${encodeURIComponent(REPOSITORY)}%3Apull`,
    );
    expect(ctx.database.db.select().from(versions).all()).toHaveLength(1);
  });

  it.each([
    ['Bearer realm="http://127.0.0.1:1/token"', 'neither https nor the registry itself'],
    ['Negotiate', 'login of an unknown kind'],
    ['Basic realm="x"', 'Add username and password-file'],
  ])('does not answer the challenge %s', async (challenge, words) => {
    server.answer = () => ({ status: 401, headers: { 'www-authenticate': challenge } });
    await expect(lookAtRegistry()).rejects.toThrow(words);
  });

  it('is not followed for manifests, and for blobs to no place inside', async () => {
    const minted = oci();
    server.answer = (request) => {
      if (request.path.includes('/blobs/'))
        return { status: 307, headers: { location: 'https://169.254.169.254/latest' } };
      return minted.answer(request, REPOSITORY);
    };
    await lookAtRegistry();
    expect(listed()[0]?.reason).toContain(
      'redirected to "https://169.254.169.254/latest", which is not a public https address',
    );
    server.answer = () => ({ status: 302, headers: { location: 'https://elsewhere.example/' } });
    await expect(lookAtRegistry()).rejects.toThrow('answered 302');
  });

  it('may redirect blobs within itself', async () => {
    const minted = oci();
    server.answer = (request) => {
      const [, name] = /\/blobs\/(.+)$/.exec(request.path) ?? [];
      if (name !== undefined) return { status: 307, headers: { location: `/storage/${name}` } };
      const [, kept] = /^\/storage\/(.+)$/.exec(request.path) ?? [];
      return kept === undefined ? minted.answer(request, REPOSITORY) : { body: minted.blobs.get(kept) ?? '' };
    };
    await lookAtRegistry();
    expect(ctx.database.db.select().from(declarations).all()).toHaveLength(1);
  });

  it('that answers with an error ends the round: nothing is taken for gone', async () => {
    server.answer = () => ({ status: 503 });
    await expect(lookAtRegistry()).rejects.toThrow('answered 503');
  });
});
