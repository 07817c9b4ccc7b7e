import type { StatedInput } from '#lib/attestation/facts.ts';
import { mintHex } from '#test/factories.ts';
import { Family, inputOf, type Member } from './dense-family.ts';
import type { Scene } from './dense-scene.ts';
import { HOSTILE, pick } from './dense-signers.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const VERSIONS = 40;
const GENERATIONS = 7;
const DATASETS = 24;

/**
 * A model with forty versions at the end of a family of some two hundred things: base models of base models, data sets
 * that several share, one that nobody signed, one that nobody has shown, a card that contradicts the provenance.
 */
export function mintFamilies(scene: Scene): void {
  const family = new Family(scene);
  const start = scene.now - 800 * DAY;
  const bases = mintBases(family, start);
  for (let v = 0; v < VERSIONS; v++) mintRelease(family, v, start, bases);
  mintQuiet(family, scene.now - 3 * DAY);
}

function mintBases(family: Family, start: number): Member[] {
  const bases: Member[] = [];
  for (let g = 0; g < GENERATIONS; g++) {
    const at = start - (GENERATIONS - g) * 30 * DAY;
    const base = family.version(`northwind-foundation-${g + 1}`, at, {
      files: [`foundation-${g}.safetensors`],
      label: '1.0',
    });
    family.sign(base, pick(1), at);
    const inputs = Array.from({ length: DATASETS }, (_, i) => mintDataset(family, g, i, at));
    const [before] = bases.slice(-1);
    family.attest(base, pick(1), at + HOUR, {
      inputs: [
        ...(before ? [inputOf('base-model', before)] : []),
        ...inputs.map((one, i) => inputOf('dataset', one, i + 1)),
      ],
    });
    family.settle(at + HOUR, 'bundle bdl_foundation');
    bases.push(base);
  }
  return bases;
}

/** Every sixth is shared with the generation before; most are signed by who made them. */
function mintDataset(family: Family, generation: number, i: number, at: number): Member {
  const owner = i % 6 === 0 ? Math.max(0, generation - 1) : generation;
  const name = `corpus-${owner + 1}-${i + 1}`;
  const dataset = family.file('dataset', name, at - 20 * DAY);
  const isUnsigned = generation === 3 && i === 5;
  if (!isUnsigned && owner === generation) family.attest(dataset, pick(2), at - 10 * DAY, {}, 'croissant');
  return dataset;
}

function mintRelease(family: Family, v: number, start: number, bases: readonly Member[]): void {
  // Two long silences; the version after the second one came from somebody's own account.
  const at = start + v * 14 * DAY + (v > 12 ? 90 * DAY : 0) + (v > 28 ? 60 * DAY : 0);
  const label = `${1 + Math.floor(v / 10)}.${v % 10}.0`;
  const version = family.version('northwind-assistant', at, {
    label,
    seenAs: v === 30 ? 'observed' : 'signed',
    files: filesOf(v),
    ignorePaths: v % 2 === 0 ? '[".git",".gitattributes","training-logs/"]' : '[]',
  });
  if (v !== 30) {
    const isUnlogged = v === 33;
    const key = {
      method: 'key' as const,
      san: 'release-key',
      sanType: 'public-key',
      issuer: `trusted key sha256:${mintHex('release key')}`,
      signedAt: null,
      signedAtSource: null,
      logIndex: null,
      eventId: null,
    };
    family.sign(version, pick(v === 29 ? 5 : v > 20 ? 2 : 1), at, isUnlogged ? key : {});
  }
  const base = bases[Math.min(bases.length - 1, Math.floor(v / 6))];
  if (base && v % 9 !== 8) attestRelease(family, { version, base, v, at });
  family.settle(at + 2 * HOUR, `bundle bdl_${mintHex(`release ${v}`).slice(0, 24)}`);
}

function attestRelease(
  family: Family,
  { version, base, v, at }: { version: Member; base: Member; v: number; at: number },
): void {
  const index = family.file('component', 'northwind-retrieval-index', at);
  if (v === 36) family.attest(index, pick(1), at + HOUR, {}, 'cyclonedx');
  family.attest(version, pick(v > 20 ? 2 : 1), at + HOUR, {
    inputs: [inputOf('base-model', base, 0), inputOf('component', index, 1), ...namedInputs(v)],
    commit: {
      value: mintHex(`commit ${v}`).slice(0, 40),
      at: 'predicate.buildDefinition.resolvedDependencies[9].digest.gitCommit',
    },
    invocation: {
      value: `https://github.com/models-example/northwind/actions/runs/${100_000 + v}/attempts/1`,
      at: 'predicate.runDetails.metadata.invocationId',
    },
    environment: [
      { label: 'framework', value: `torch 2.${v % 7}.0`, at: 'predicate.buildDefinition.internalParameters.framework' },
      { label: 'GPU', value: '8 × H100', at: 'predicate.buildDefinition.internalParameters.gpu' },
    ],
    parameters: [
      {
        label: 'learning_rate',
        value: v % 3 === 0 ? '1e-5' : '2e-5',
        at: 'predicate.buildDefinition.externalParameters.lr',
      },
      { label: 'epochs', value: '3', at: 'predicate.buildDefinition.externalParameters.epochs' },
    ],
    claimedSigner: v % 10 === 9 ? { value: 'somebody-else@models.example', at: 'predicate.signer' } : null,
  });
  if (v % 5 === 4) {
    const other: StatedInput = {
      role: 'base-model',
      name: 'elsewhere/another-base',
      uri: null,
      digests: [],
      at: 'base_model',
    };
    family.declare(version, `northwind-assistant/${v}/README.md`, [other], at);
  }
}

/** Inputs by every kind of name that a statement can give, and names that could break a page. */
function namedInputs(v: number): StatedInput[] {
  const input = (role: StatedInput['role'], name: string, digest: string | null, position: number): StatedInput => ({
    role,
    name,
    uri: null,
    digests: digest === null ? [] : [{ algorithm: 'sha256', digest }],
    at: `predicate.buildDefinition.resolvedDependencies[${position}]`,
  });
  return [
    input('dataset', 'instructions-curated', mintHex('instructions'), 2),
    input('dataset', 'open/web-pages', null, 3),
    input('environment', 'registry.example/trainer', mintHex(`image ${v % 4}`), 4),
    input('adapter', HOSTILE.script, mintHex('hostile script'), 5),
    input('dataset', HOSTILE.bidi, mintHex('hostile bidi'), 6),
    input('dataset', HOSTILE.long, mintHex('hostile long'), 7),
  ];
}

function filesOf(v: number): string[] {
  const shards = Array.from({ length: 60 }, (_, i) => `model-${String(i + 1).padStart(5, '0')}-of-00060.safetensors`);
  return ['README.md', 'config.json', 'tokenizer.json', `notes-${v}.txt`, ...(v > 25 ? shards : shards.slice(0, 4))];
}

/** A model of which nothing is known but one signature. */
function mintQuiet(family: Family, at: number): void {
  const version = family.version('tide-gauge', at, { files: ['gauge.onnx'] });
  family.sign(version, pick(0), at);
  family.settle(at, 'bundle bdl_quiet');
}
