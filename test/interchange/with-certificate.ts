import { mintModel } from './models.ts';
import type { Results } from './results.ts';
import type { Clients } from './run-client.ts';

const IDENTITY = 'release-bot@models.example';

/** modeltrail and model_signing sign with a certificate of an authority of one's own; each verifies the other's. */
export async function withCertificate(clients: Clients, results: Results): Promise<void> {
  const model = await mintModel(clients, 'model-certificate');
  const { key, certificate, authority } = await mintCertificate(clients);
  const who = ['--authority', authority, '--identity', IDENTITY];
  const verifier = (signature: string) => (path: string) =>
    clients.modeltrail('verify', path, '--signature', signature, ...who);

  const ours = clients.path('certificate.sig');
  const made = 'modeltrail sign certificate';
  const own = ['--key', key, '--certificate', certificate, '--certificate-chain', authority];
  results.made(made, 'modeltrail', await clients.modeltrail('sign', model.whole, ...own, '--signature', ours));
  await results.pair(made, 'modeltrail verify', verifier(ours), model);
  const chain = ['--certificate_chain', authority];
  const oms = (path: string) => clients.modelSigning('verify', 'certificate', '--signature', ours, ...chain, path);
  await results.pair(made, 'model_signing', oms, model);

  const theirs = clients.path('certificate-theirs.sig');
  const signer = ['--private_key', key, '--signing_certificate', certificate, ...chain];
  const signed = await clients.modelSigning('sign', 'certificate', '--signature', theirs, ...signer, model.whole);
  results.made('model_signing sign certificate', 'model_signing', signed);
  await results.pair('model_signing sign certificate', 'modeltrail verify', verifier(theirs), model);
}

async function mintCertificate(clients: Clients) {
  const [caKey, authority] = [clients.path('ca.pem'), clients.path('ca.crt')];
  const [key, certificate] = [clients.path('own.pem'), clients.path('own.crt')];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const ca = ['-keyout', caKey, '-out', authority, '-days', '2', '-subj', '/CN=Example CA'];
  await clients.openssl('req', '-x509', ...ec, ...ca);
  const extensions = [
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=codeSigning',
    'basicConstraints=critical,CA:FALSE',
    `subjectAltName=email:${IDENTITY}`,
  ].flatMap((extension) => ['-addext', extension]);
  const issued = ['-CA', authority, '-CAkey', caKey, '-days', '1', '-subj', '/CN=release-bot', ...extensions];
  await clients.openssl('req', '-x509', ...ec, ...issued, '-keyout', key, '-out', certificate);
  return { key, certificate, authority };
}
