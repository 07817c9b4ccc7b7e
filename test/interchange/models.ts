import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clients, Outcome } from './run-client.ts';

/** A model, and the same model with one byte of its weights changed: two folders of the same name. */
export interface MintedModel {
  readonly whole: string;
  readonly changed: string;
}

export const OMS_TYPE = 'https://model_signing/signature/v1.0';
/** The file of a model that was changed. */
export const WEIGHTS = 'sub/weights.bin';

export async function mintModel(clients: Clients, name: string): Promise<MintedModel> {
  const model = { whole: clients.path(name), changed: clients.path(join(`${name}-changed`, name)) };
  for (const path of Object.values(model)) {
    await mkdir(dirname(join(path, WEIGHTS)), { recursive: true });
    await writeFile(join(path, 'config.json'), '{"model_type":"toy"}\n');
    await writeFile(join(path, WEIGHTS), path === model.whole ? 'weights' : 'weighty');
  }
  return model;
}

/** Hex of the OMS roots: what cosign is asked for, which knows digests and no folders. */
export async function rootsOf(clients: Clients, model: MintedModel, signature: string): Promise<MintedModel> {
  return { whole: await signedRoot(signature), changed: await hashedRoot(clients, model.changed) };
}

async function signedRoot(signature: string): Promise<string> {
  const { dsseEnvelope } = JSON.parse(await readFile(signature, 'utf8'));
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()).subject[0].digest.sha256;
}

async function hashedRoot(clients: Clients, path: string): Promise<string> {
  const { stdout } = await clients.modeltrail('hash', '--json', path);
  const { python } = JSON.parse(stdout).models[0].roots;
  return python;
}

/** How cosign verifies a statement over a root, signed by `signer` (its own flags). */
export function cosignVerifier(
  clients: Clients,
  bundle: string,
  type: string,
  signer: readonly string[],
): (root: string) => Promise<Outcome> {
  return (root) =>
    clients.cosign(
      ...['verify-blob-attestation', '--bundle', bundle, '--digest', root, '--digestAlg', 'sha256', '--type', type],
      ...signer,
    );
}
