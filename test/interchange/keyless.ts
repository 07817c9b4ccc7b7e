import { fromCosign } from './from-cosign.ts';
import { cosignVerifier, type MintedModel, mintModel, OMS_TYPE, rootsOf } from './models.ts';
import type { Results } from './results.ts';
import type { Clients } from './run-client.ts';
import { fetchToken, type Identity, type Log, stackFile, TRUSTED_ROOT } from './stack.ts';

/** One signer at one log. */
export interface Session {
  readonly clients: Clients;
  readonly results: Results;
  readonly log: Log;
  readonly identity: Identity;
  /** Names files and results: `v1 email`. */
  readonly label: string;
  readonly jwt: string;
  readonly tokenFile: string;
  readonly model: MintedModel;
}

/** How modeltrail is told whom to expect, and with which trust. */
export function expectedSigner({ san, issuer }: Identity): readonly string[] {
  return ['--identity', san, '--issuer', issuer, ...TRUSTED_ROOT];
}

/** All three clients sign with a token of the stack; each verifies what the others signed. */
export async function keyless(clients: Clients, results: Results, log: Log, identity: Identity): Promise<void> {
  const name = `${log}-${identity.label}`;
  const tokenFile = clients.path(`${name}.token`);
  const session: Session = {
    ...{ clients, results, log, identity, tokenFile },
    label: `${log} ${identity.label}`,
    jwt: await fetchToken(identity, tokenFile),
    model: await mintModel(clients, `model-${name}`),
  };
  const signature = clients.path(`${name}.sig`);
  await fromModeltrailSign(session, signature);
  await fromModeltrailAttest(session, signature, clients.path(`${name}.att`));
  await fromModelSigning(session, clients.path(`${name}.theirs`));
  await fromCosign(session);
}

async function fromModeltrailSign(session: Session, signature: string): Promise<void> {
  const { clients, results, identity, label, model } = session;
  const made = `modeltrail sign ${label}`;
  results.made(
    made,
    'modeltrail',
    await clients.modeltrail('sign', model.whole, '--signature', signature, ...how(session)),
  );
  const signer = expectedSigner(identity);
  const ours = (path: string) => clients.modeltrail('verify', path, '--signature', signature, ...signer);
  await results.pair(made, 'modeltrail verify', ours, model);
  const trust = ['--trust_config', stackFile('trust_config.json')];
  const who = ['--identity', identity.san, '--identity_provider', identity.issuer];
  const theirs = (path: string) =>
    clients.modelSigning('verify', 'sigstore', ...trust, '--signature', signature, ...who, path);
  await results.pair(made, 'model_signing', theirs, model);
  const cosign = cosignVerifier(clients, signature, OMS_TYPE, cosignSigner(identity));
  await results.pair(made, 'cosign', cosign, await rootsOf(clients, model, signature));
}

async function fromModeltrailAttest(session: Session, signature: string, attestation: string): Promise<void> {
  const { clients, results, identity, label, model } = session;
  const made = `modeltrail attest ${label}`;
  const roots = await rootsOf(clients, model, signature);
  const fields = ['--builder', 'https://train.example', '--no-base', '--dataset', `d=sha256:${roots.whole}`];
  const attested = await clients.modeltrail('attest', model.whole, '--output', attestation, ...fields, ...how(session));
  results.made(made, 'modeltrail', attested);
  const cosign = cosignVerifier(clients, attestation, 'slsaprovenance1', cosignSigner(identity));
  await results.pair(made, 'cosign', cosign, roots);
  const withIt = ['--signature', signature, '--attestation', attestation, ...expectedSigner(identity)];
  const ours = (path: string) => clients.modeltrail('verify', path, ...withIt);
  await results.pair(made, 'modeltrail verify', ours, model);
}

async function fromModelSigning(session: Session, signature: string): Promise<void> {
  const { clients, results, log, identity, label, jwt, model } = session;
  const made = `model_signing sign ${label}`;
  const trust = ['--trust_config', stackFile(`trust_config.${log}.json`), '--identity_token', jwt];
  const signed = await clients.modelSigning('sign', 'sigstore', ...trust, '--signature', signature, model.whole);
  results.made(made, 'model_signing', signed);
  const signer = expectedSigner(identity);
  const ours = (path: string) => clients.modeltrail('verify', path, '--signature', signature, ...signer);
  await results.pair(made, 'modeltrail verify', ours, model);
}

function how({ tokenFile, log }: Session): readonly string[] {
  const config = stackFile(`signing_config.${log}.json`);
  return ['--identity-token-file', tokenFile, '--signing-config', config, ...TRUSTED_ROOT];
}

function cosignSigner({ san, issuer }: Identity): readonly string[] {
  return ['--certificate-identity', san, '--certificate-oidc-issuer', issuer, ...TRUSTED_ROOT];
}
