import type { OpenDatabase } from '#db/client.ts';
import { mintHex } from '#test/factories.ts';
import { mintBundle, mintModel, mintSourceFile, mintVersion } from '#test/model-factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';
import { mintCertificates } from './dense-certificates.ts';
import { mintFamilies } from './dense-families.ts';
import { mintLogs } from './dense-logs.ts';
import { Scene } from './dense-scene.ts';
import { HOSTILE, pick } from './dense-signers.ts';
import { mintStrange } from './dense-strange.ts';

// A database as a year of use would leave it, with everything in it that could break a page.

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface DenseSize {
  readonly now: number;
  readonly events: number;
  readonly models: number;
}

/** Fills a database: four logs in different states, models with several signers, events of every kind, hostile strings. */
export function mintDense(database: OpenDatabase, size: DenseSize): void {
  database.sqlite.transaction(() => {
    mintConfiguration(database, {
      refused:
        'modeltrail.yaml, line 14, column 11: watch[2].identity is neither exact, glob nor pattern. Write identity: { exact: … }.',
      refusedAt: size.now - 3 * HOUR,
    });
    mintJobs(database, size.now);
    const scene = new Scene(database, mintLogs(database, size.now), size.now);
    mintModels(scene, size.models);
    mintFamilies(scene);
    mintStrange(scene);
    mintNoise(scene, size.events);
    mintCertificates(scene);
    mintFiles(database, size.now);
  })();
}

function mintModels(scene: Scene, models: number): void {
  const families = [
    'northwind-base',
    'northwind-vision',
    'quay-segmenter',
    'harbour-asr',
    'tide-forecast',
    'berth-planner',
  ];
  for (let m = 0; m < models; m++) {
    const name = m < families.length ? `${families[m]}` : `${families[m % families.length]}-${m}`;
    const model = mintModel(scene.database, name);
    const versions = m === 0 ? 11 : 1 + (m % 5);
    for (let v = 0; v < versions; v++) {
      // The third release was followed by a long silence, as after a change of team.
      const pause = m % 3 === 0 && v < 3 ? 150 * DAY : 0;
      const at = scene.now - (m % 40) * 2 * DAY - (versions - v) * 19 * DAY - pause - m * 61_000;
      const signer = pick(m % 4 === 1 ? m + v : m + Math.floor(v / 4));
      const files = [
        'README.md',
        'config.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'tokenizer.json',
        `v${v}.txt`,
      ];
      const version = mintVersion(scene.database, model, {
        files,
        ignorePaths: m % 6 === 0 ? '[".git",".gitattributes","logs/"]' : '[]',
        firstSeenAt: at,
      });
      const event = scene.sign(signer, at, { claim: 'model' });
      const extra =
        m % 9 === 8 && v === versions - 1 ? { eventId: null, logIndex: m % 2 === 0 ? null : 5, linkedBy: null } : {};
      mintBundle(scene.database, event, {
        versionId: version.id,
        subjects: [{ name, digest: version.root }],
        ...extra,
      });
      if (m % 2 === 0) {
        const attested = scene.sign(pick(m + 3), at + HOUR, { claim: 'model' });
        mintBundle(scene.database, attested, {
          predicateType: 'https://slsa.dev/provenance/v1',
          subjects: [{ name, digest: version.root }],
        });
      }
    }
  }
}

function mintNoise(scene: Scene, events: number): void {
  for (let i = 0; i < events; i++) {
    const at = scene.now - i * Math.floor((300 * DAY) / events) - 5 * 60_000;
    const signer = pick(i * 7 + (i % 3));
    const isOther = i % 5 !== 0;
    const event = scene.sign(signer, at, {
      claim: i % 20 === 3 ? 'probable' : isOther ? 'other' : 'unclaimed',
    });
    if (isOther && i % 20 !== 3) {
      mintBundle(scene.database, event, {
        content: i % 2 === 0 ? 'message' : 'dsse',
        predicateType: i % 2 === 0 ? null : 'https://cyclonedx.org/bom',
        subjects: i % 2 === 0 ? [] : [{ name: `image-${i}.tar`, digest: mintHex(`subject ${i}`) }],
      });
    }
  }
}

function mintFiles(database: OpenDatabase, now: number): void {
  mintSourceFile(database, { path: 'northwind/model.sig', checkedAt: now - HOUR });
  mintSourceFile(database, {
    path: 'notes/readme.txt',
    outcome: 'refused',
    reasonCode: 'not-json',
    reason: 'The file is not JSON: unexpected “H” at the first byte. A Sigstore bundle is one JSON object.',
    checkedAt: now - 2 * HOUR,
  });
  mintSourceFile(database, {
    path: 'huge.sigstore.json',
    size: 104_857_600,
    outcome: 'refused',
    reasonCode: 'too-large',
    reason: 'The file has 104857600 bytes; a bundle may have 16777216.',
    checkedAt: now - 3 * HOUR,
  });
  mintSourceFile(database, {
    path: `${HOSTILE.script}.json`,
    outcome: 'refused',
    reasonCode: 'untrusted',
    reason: 'The certificate was issued by CN=somebody else, which the trust root in force does not name.',
    checkedAt: now - 4 * HOUR,
  });
  for (let i = 0; i < 30; i++)
    mintSourceFile(database, {
      path: `archive/${2020 + (i % 6)}/model-${i}.sigstore.json`,
      checkedAt: now - 5 * HOUR - i * 60_000,
    });
}
