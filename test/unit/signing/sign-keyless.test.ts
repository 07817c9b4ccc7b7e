import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import { signStatement } from '#lib/signing/sign-statement.ts';
import { SigningError } from '#lib/signing/signing-error.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { IDENTITY, type Json, MintedSigstore, OIDC_ISSUER } from '#test/unit/sigstore/mint-bundle.ts';
import { mintKey } from '#test/unit/sigstore/mint-certificate.ts';
import { MintedServices } from './minted-services.ts';

const STATEMENT = Buffer.from(
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://models.example/predicate/v1',
    predicate: {},
  }),
);
const APIS = [1, 2] as const;

let minted: MintedServices;
let client: RemoteClient;
beforeEach(async () => {
  minted = await MintedServices.start();
  client = new RemoteClient({ userAgent: 'test', sleep: async () => undefined });
});
afterEach(async () => {
  await client.close();
  await minted.stop();
});

function trustOf({ trustedRoot }: MintedSigstore) {
  return parseTrustedRoot(JSON.stringify(trustedRoot));
}

function signAt(api: 1 | 2, { subject = IDENTITY, trust = trustOf(minted.sigstore) } = {}) {
  const token = { jwt: 'a.b.c', issuer: OIDC_ISSUER, subject };
  return signStatement(STATEMENT, { method: 'keyless', client, services: minted.services(api), token }, trust);
}

/** It must be refused as something that cannot be signed, for the reason that is meant. */
async function expectRefusal(signing: Promise<unknown>, reason: RegExp): Promise<void> {
  const error = await signing.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SigningError);
  expect(String(error)).toMatch(reason);
}

/** The log says that the entry is about something else, in a body that it has truly included and signed for. */
function aboutAnother(entry: Json): Json {
  const other = { hash: 'sha256' as const, digest: randomBytes(32), signature: randomBytes(70) };
  const certificate = minted.sigstore.leaf().der;
  return entry.kindVersion.version === '0.0.2'
    ? minted.sigstore.v2Entry({ ...other, certificate, payload: null })
    : minted.sigstore.v1Entry(
        { ...other, certificate, payload: Buffer.from('{}') },
        Number(entry.integratedTime) * 1000,
      );
}

describe.each(APIS)('a statement signed without a key of its own, at a log of Rekor v%i', (api) => {
  it('is a bundle of the token’s identity that verifies', async () => {
    const { bundle, verdict } = await signAt(api);
    expect(verdict).toMatchObject({ outcome: 'verified' });
    const parsed = readBundle(Buffer.from(bundle));
    expect(parsed.payload).toEqual(STATEMENT);
    expect(verifyBundle(parsed, trustOf(minted.sigstore), { now: Date.now() })).toMatchObject({
      outcome: 'verified',
      signer: { value: IDENTITY, issuer: OIDC_ISSUER },
      signedAtSource: api === 2 ? 'timestamp-authority' : 'integrated-time',
    });
    const { bundle: again } = await signAt(api);
    expect(readBundle(Buffer.from(again)).signature).not.toEqual(parsed.signature);
  });

  it('is not handed out where the certificate is of another key', async () => {
    minted.certified = mintKey().publicKey;
    await expectRefusal(signAt(api), /certificate of another key/);
  });

  it('is not handed out where the certificate was issued in secret', async () => {
    minted.hasSct = false;
    await expectRefusal(signAt(api), /no signed certificate timestamp/);
  });

  it('is refused by an authority to which the key was not proven to be ours', async () => {
    await expectRefusal(signAt(api, { subject: 'somebody@else.example' }), /refused with status 400/);
  });

  it('is not handed out where the log entered another digest', async () => {
    minted.alter = aboutAnother;
    await expectRefusal(signAt(api), /The log entry is about other bytes than the bundle signs/);
  });

  it('is not handed out with the checkpoint of another tree', async () => {
    minted.alter = (entry) => {
      const { checkpoint } = aboutAnother(entry).inclusionProof;
      return { ...entry, inclusionProof: { ...entry.inclusionProof, checkpoint } };
    };
    await expectRefusal(signAt(api), /is not that of the signed checkpoint/);
  });

  it('is not handed out with a checkpoint that the log did not sign', async () => {
    minted.alter = (entry) => {
      const { checkpoint, ...proof } = entry.inclusionProof;
      const [text, signature = ''] = checkpoint.envelope.split('\n\n');
      const [, name, value = ''] = signature.trim().split(' ');
      const bytes = Buffer.from(value, 'base64');
      bytes.set(randomBytes(32), bytes.length - 32);
      const envelope = `${text}\n\n\u2014 ${name} ${bytes.toString('base64')}\n`;
      return { ...entry, inclusionProof: { ...proof, checkpoint: { envelope } } };
    };
    await expectRefusal(signAt(api), /The checkpoint is not one of the log/);
  });

  it('is not handed out where the trust root is that of others', async () => {
    await expectRefusal(signAt(api, { trust: trustOf(new MintedSigstore()) }), /--trusted-root/);
  });
});

it('is not handed out with a timestamp of another signature', async () => {
  minted.imprint = randomBytes(32);
  await expectRefusal(signAt(2), /The timestamp was not made for this signature/);
});
