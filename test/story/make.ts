/**
 * Records test/fixtures/story anew: a maintainer's tool, no part of the tests.
 *
 *   node test/story/make.ts --endpoints STACK/endpoints.json --cosign PATH --model-signing PATH --foreign BUNDLE [--pause SECONDS]
 *
 * It needs a freshly started Sigstore stack on the loopback with nobody else writing: Fulcio with a CT log, a timestamp
 * authority, a current Rekor v2 and one of v2.2 (the last to take dsse entries); beside endpoints.json lie trusted_root.json,
 * trust_config*.json, signing_config.v2.json and keys/rekor2*.pem. `--foreign` is a bundle that verifies against another trust
 * root. `--pause` spreads the story over time. What stood in the folder before is replaced once the new story was checked,
 * README.md excepted.
 */
import { X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { writeBroken } from './broken.ts';
import { tell } from './chapters.ts';
import { checkStory } from './check.ts';
import { Clients } from './clients.ts';
import { countEvents, type StoryFacts } from './facts.ts';
import { LogRecorder } from './log-recorder.ts';
import { Noise } from './noise.ts';
import { Recorder } from './recorder.ts';
import { settings } from './settings.ts';
import { deployment, releaseBot } from './signers.ts';
import { Stack } from './stack.ts';
import { undecidedEntries } from './undecided.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/story');

const { values } = parseArgs({
  options: {
    endpoints: { type: 'string' },
    cosign: { type: 'string', default: 'cosign' },
    'model-signing': { type: 'string', default: 'model_signing' },
    foreign: { type: 'string' },
    pause: { type: 'string', default: '0' },
  },
});
if (values.endpoints === undefined || values.foreign === undefined)
  throw new Error('--endpoints and --foreign are needed');

const scratch = mkdtempSync(join(tmpdir(), 'story-'));
try {
  const recorded = join(scratch, 'story');
  mkdirSync(recorded);
  await record(new Stack(values.endpoints), values.foreign, recorded, scratch);
  console.log(checkStory(recorded).join('\n'));
  replaceFixture(recorded);
} finally {
  rmSync(scratch, { recursive: true });
}

async function record(stack: Stack, foreign: string, directory: string, scratch: string): Promise<void> {
  const paths = { cosign: values.cosign, modelSigning: values['model-signing'], scratch };
  const clients = new Clients(stack, paths);
  copyFileSync(stack.path('trusted_root.json'), join(directory, 'trusted_root.json'));

  const recorder = new Recorder(stack, clients, directory, scratch);
  const noise = new Noise(stack);
  const log = new LogRecorder(stack, noise, 'rekor2', ['artifact', 'artifact', 'statement']);
  const olderLog = new LogRecorder(stack, noise, 'rekor2b', ['artifact', 'dsse002']);
  const pause = (): Promise<void> => sleep(Number(values.pause) * 1000);
  await tell({ stack, recorder, log, olderLog, authority: authority(stack), pause });

  const undecided = await undecidedEntries(
    clients,
    releaseBot(stack),
    deployment(stack, 'deploy.yml', '2.1.0', 990_078),
  );
  const added = undecided.map(({ entry }) => entry);
  const logs = [await log.write(directory, added, [1024, 2250]), await olderLog.write(directory, [], [])];
  const [first] = logs;
  if (first === undefined) throw new Error('no log was written');
  for (const [i, { id, what, kind, entry, signer }] of undecided.entries()) {
    recorder.noteUndecided({ id, what }, entry, kind, first.origin, first.serverSize + i, signer);
  }

  const genuine = 'bundles/northwind-vision/1.2.0/model.sig';
  const broken = writeBroken(directory, foreign, genuine);
  const signed = recorder.models.filter((model) => model.signed);
  const facts: StoryFacts = {
    recordedAt: new Date().toISOString(),
    clients: { ...(await clients.versions()), 'sigstore-js': sigstoreJsVersion() },
    logs,
    models: recorder.models,
    entries: recorder.entries,
    broken,
    counts: {
      ...countEvents(recorder.entries),
      bundlesVerified: recorder.entries.filter((entry) => entry.bundle !== null).length,
      bundlesRefused: broken.length,
      modelsSigned: new Set(signed.map(({ model }) => model)).size,
      versionsSigned: signed.length,
      noiseIdentities: noise.identities,
    },
  };
  writeFileSync(join(directory, 'story.json'), `${JSON.stringify(facts, null, 2)}\n`);
  writeFileSync(join(directory, 'modeltrail.yaml'), settings(stack.endpoints.oidc, logs));
}

function replaceFixture(recorded: string): void {
  mkdirSync(FIXTURE, { recursive: true });
  for (const name of readdirSync(FIXTURE)) {
    if (name !== 'README.md') rmSync(join(FIXTURE, name), { recursive: true });
  }
  cpSync(recorded, FIXTURE, { recursive: true });
}

/** Fulcio's issuing CA, from the trusted root. */
function authority(stack: Stack): X509Certificate {
  const root = TrustedRoot.fromJSON(JSON.parse(readFileSync(stack.path('trusted_root.json'), 'utf8')));
  const certificate = root.certificateAuthorities[0]?.certChain?.certificates[0];
  if (certificate === undefined) throw new Error('the trusted root names no certificate authority');
  return new X509Certificate(certificate.rawBytes);
}

function sigstoreJsVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../node_modules/@sigstore/sign/package.json'), 'utf8'),
  );
  return `@sigstore/sign ${(manifest as { version: string }).version}`;
}
