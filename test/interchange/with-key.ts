import { cosignVerifier, mintModel, OMS_TYPE, rootsOf } from './models.ts';
import type { Results } from './results.ts';
import type { Clients } from './run-client.ts';

/** modeltrail and model_signing sign with a key on P-256, without a log; each verifies what the other signed. */
export async function withKey(clients: Clients, results: Results): Promise<void> {
  const model = await mintModel(clients, 'model-key');
  const [key, pub] = [clients.path('key.pem'), clients.path('key.pub')];
  await clients.openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  await clients.openssl('pkey', '-in', key, '-pubout', '-out', pub);
  const verifier = (signature: string) => (path: string) =>
    clients.modeltrail('verify', path, '--signature', signature, '--key', pub);

  const ours = clients.path('key.sig');
  const made = 'modeltrail sign key';
  results.made(made, 'modeltrail', await clients.modeltrail('sign', model.whole, '--key', key, '--signature', ours));
  await results.pair(made, 'modeltrail verify', verifier(ours), model);
  const oms = (path: string) => clients.modelSigning('verify', 'key', '--signature', ours, '--public_key', pub, path);
  await results.pair(made, 'model_signing', oms, model);
  const cosign = cosignVerifier(clients, ours, OMS_TYPE, ['--key', pub, '--insecure-ignore-tlog']);
  await results.pair(made, 'cosign', cosign, await rootsOf(clients, model, ours));

  const theirs = clients.path('key-theirs.sig');
  const signed = await clients.modelSigning('sign', 'key', '--signature', theirs, '--private_key', key, model.whole);
  results.made('model_signing sign key', 'model_signing', signed);
  await results.pair('model_signing sign key', 'modeltrail verify', verifier(theirs), model);
}
