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
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { z } from 'zod';
import { writeBroken } from './broken.ts';
import { tell } from './chapters.ts';
import { checkStory } from './check.ts';
import { Clients } from './clients.ts';
import { countEvents, type StoryFacts } from './facts.ts';
import { writeHub } from './hub.ts';
import { LogRecorder } from './log-recorder.ts';
import { Noise } from './noise.ts';
import { Recorder } from './recorder.ts';
import { settings } from './settings.ts';
import { Shelf } from './shelf.ts';
import { deployment, releaseBot } from './signers.ts';
import { Stack } from './stack.ts';
import { undecidedEntries } from './undecided.ts';
import { verdictsOf } from './verdicts.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/story');

const trustedRootSchema = z.looseObject({ tlogs: z.array(z.looseObject({ baseUrl: z.string() })) });

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
  writeFileSync(join(directory, 'trusted_root.json'), trustedRoot(stack));

  const shelf = new Shelf(directory, scratch);
  const recorder = new Recorder(stack, clients, shelf);
  const noise = new Noise(stack);
  const log = new LogRecorder(stack, noise, 'rekor2', ['artifact', 'artifact', 'statement']);
  const olderLog = new LogRecorder(stack, noise, 'rekor2b', ['artifact', 'dsse002']);
  const pause = (): Promise<void> => sleep(Number(values.pause) * 1000);
  await tell({ stack, clients, recorder, shelf, log, olderLog, scratch, authority: authority(stack), pause });

  const undecided = await undecidedEntries(
    clients,
    releaseBot(stack),
    deployment(stack, 'deploy.yml', '2.1.0', 990_078),
  );
  const added = undecided.map(({ entry }) => entry);
  const logs = [await log.write(directory, added, [1024, 2250]), await olderLog.write(directory, [], [])];
  const [first] = logs;
  if (first === undefined) throw new Error('no log was written');
  recorder.chapter('Entries that nobody can decide yet', 2);
  for (const [i, { id, what, kind, entry, signer }] of undecided.entries()) {
    recorder.noteUndecided({ id, what }, entry, kind, first.origin, first.serverSize + i, signer);
  }

  const genuine = 'bundles/northwind-vision/1.2.0/model.sig';
  const broken = writeBroken(directory, foreign, genuine);
  const repositories = writeHub(shelf);
  const models = shelf.models.map((of) => ({ ...of, verdicts: verdictsOf(of.model, of.version) }));
  const signed = models.filter((model) => model.signed);
  const facts: StoryFacts = {
    recordedAt: new Date().toISOString(),
    clients: { ...(await clients.versions()), 'sigstore-js': sigstoreJsVersion() },
    logs,
    models,
    entries: recorder.entries,
    unlogged: recorder.unlogged,
    repositories,
    chapters: recorder.chapters,
    broken,
    counts: {
      ...countEvents(recorder.entries, recorder.unlogged),
      bundlesVerified: recorder.entries.filter((entry) => entry.bundle !== null).length,
      bundlesUnlogged: recorder.unlogged.length,
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

/** The stack's trusted root with the two logs that the story is told in: a stack may run others beside them. */
function trustedRoot(stack: Stack): string {
  const root: unknown = JSON.parse(readFileSync(stack.path('trusted_root.json'), 'utf8'));
  const told = [stack.endpoints.rekor2, stack.endpoints.rekor2b].map((url) => new URL(url).port);
  const { tlogs, ...others } = trustedRootSchema.parse(root);
  const kept = tlogs.filter(({ baseUrl }) => told.includes(new URL(baseUrl).port));
  return `${JSON.stringify({ ...others, tlogs: kept }, null, 2)}\n`;
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
