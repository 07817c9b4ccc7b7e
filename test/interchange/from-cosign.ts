import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedSigner, type Session } from './keyless.ts';
import { WEIGHTS } from './models.ts';
import { stackFile, TRUSTED_ROOT } from './stack.ts';

/** Cosign signs a file of the model, and attests one; modeltrail verifies both. */
export async function fromCosign({ clients, results, log, identity, label, jwt, model }: Session): Promise<void> {
  const predicate = clients.path('slsa.json');
  const runDetails = { builder: { id: 'https://train.example' } };
  const buildDefinition = { buildType: 'https://train.example/t/v1', externalParameters: { a: 'b' } };
  await writeFile(predicate, JSON.stringify({ buildDefinition, runDetails }));
  const files = { whole: join(model.whole, WEIGHTS), changed: join(model.changed, WEIGHTS) };
  const config = stackFile(`signing_config.${log}.json`);
  const common = ['--yes', '--signing-config', config, ...TRUSTED_ROOT, '--identity-token', jwt];
  const verbs = { 'sign-blob': [], 'attest-blob': ['--type', 'slsaprovenance1', '--predicate', predicate] };
  for (const [verb, extra] of Object.entries(verbs)) {
    const made = `cosign ${verb} ${label}`;
    const bundle = clients.path(`${made.replaceAll(' ', '-')}.json`);
    results.made(made, 'cosign', await clients.cosign(verb, ...common, ...extra, '--bundle', bundle, files.whole));
    const ours = (file: string) =>
      clients.modeltrail('bundle', 'verify', bundle, '--artifact', file, ...expectedSigner(identity));
    await results.pair(made, 'modeltrail bundle verify', ours, files);
  }
}
