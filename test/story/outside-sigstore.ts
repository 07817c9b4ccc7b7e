/** A third party's base model, signed with its own certificate and later with a key, in no log; and an adapter for it. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapterTraining } from './makings.ts';
import type { ModelVersion } from './oms.ts';
import { makePrivateAuthority } from './private-authority.ts';
import { adapterMailbox } from './signers.ts';
import { attestMaking, closeChapter, type Stage, told } from './stage.ts';
import { tidewaterAdapter, tidewaterBase } from './tidewater.ts';

/** Their names under `trust` in modeltrail.yaml, and where the fixture keeps them. */
export const TIDEWATER_AUTHORITY = { name: 'Tidewater', file: 'trust/tidewater-ca.pem' };
export const TIDEWATER_KEY = { name: 'Tidewater release key', file: 'trust/tidewater-release.pub.pem' };

export async function outsideSigstore(stage: Stage, seals: ModelVersion): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('A base model signed in no log, and an adapter for it');
  const base = tidewaterBase('1.0.0');
  await signWithCertificate(stage, base);
  await signWithKey(stage, tidewaterBase('1.1.0'));
  const lora = tidewaterAdapter('0.1.0', base);
  const publisher = adapterMailbox(stack);
  const what = 'Adapter tidewater-lora 0.1.0';
  await recorder.signModel(told('tidewater-lora-0.1.0', what), lora, publisher, 'model_signing');
  const making = adapterTraining(base, seals, 'tidewater-lora-0.1.0');
  await attestMaking(stage, 'tidewater-lora-0.1.0', lora, publisher, making);
  await closeChapter(stage, 1620);
}

async function signWithCertificate({ recorder, clients, shelf, scratch }: Stage, version: ModelVersion): Promise<void> {
  const made = makePrivateAuthority('Tidewater Models', 'release@tidewater.example');
  const paths = {
    privateKey: join(scratch, 'tidewater.pem'),
    certificate: join(scratch, 'tidewater.crt'),
    authority: shelf.makeRoom(TIDEWATER_AUTHORITY.file),
  };
  writeFileSync(paths.privateKey, made.privateKey);
  writeFileSync(paths.certificate, made.certificate);
  writeFileSync(paths.authority, made.authority);
  await recorder.signUnlogged(
    told('tidewater-base-1.0.0', 'Base model tidewater-base 1.0.0, under a certificate of its maker'),
    version,
    { method: 'certificate', trustedAs: TIDEWATER_AUTHORITY.name },
    (folder, signature) => clients.modelSigningCertificate(folder, paths, signature),
  );
}

async function signWithKey({ recorder, clients, shelf, scratch }: Stage, version: ModelVersion): Promise<void> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const privateKey = join(scratch, 'tidewater-release.pem');
  const publicKey = shelf.makeRoom(TIDEWATER_KEY.file);
  writeFileSync(privateKey, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  await recorder.signUnlogged(
    told('tidewater-base-1.1.0', 'Base model tidewater-base 1.1.0, under a bare key of its maker'),
    version,
    { method: 'key', trustedAs: TIDEWATER_KEY.name },
    (folder, signature) => clients.modelSigningKey(folder, privateKey, publicKey, signature),
  );
}
