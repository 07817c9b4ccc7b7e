/** The data sets of the story: small folders of real files, signed as OMS signs a model. */
import { createHash } from 'node:crypto';
import { card, json } from './files.ts';
import { type ModelVersion, modelVersion } from './oms.ts';

const IMAGE_SIDE = 16;
const QUESTIONS = ['Where is berth', 'When is high water at berth', 'Who pilots the ship at berth'];

/** Text that the base models were trained on. */
export function harbourCorpus(version: string): ModelVersion {
  const line = (shard: string, n: number): object => {
    const berth = number(`harbour-corpus ${version}/${shard}/${n}`, 40) + 1;
    return { id: `${shard}-${n}`, text: `${QUESTIONS[n % QUESTIONS.length]} ${berth}? Ask the harbour master.` };
  };
  return modelVersion('harbour-corpus', version, {
    'README.md': card(
      ['license: cc-by-4.0', 'language: en'],
      `harbour-corpus ${version}`,
      'Questions of harbour staff.',
    ),
    'data/train-00000.jsonl': lines(12, (n) => line('train-0', n)),
    'data/train-00001.jsonl': lines(12, (n) => line('train-1', n)),
  });
}

/** Grey images of the quay with their labels, a new release every other month. */
export function quayImages(version: string): ModelVersion {
  const names = ['crane', 'bollard', 'gangway', 'container'];
  const images = names.map((name) => [`images/${name}.pgm`, image(`quay-images ${version}/${name}`)] as const);
  return modelVersion('quay-images', version, {
    'README.md': card(['license: cc-by-4.0'], `quay-images ${version}`, 'Quay-side images with what they show.'),
    'labels.jsonl': lines(names.length, (n) => ({ image: `images/${names[n]}.pgm`, label: names[n] })),
    ...Object.fromEntries(images),
  });
}

/** Numbers on the seals of containers, which adapters learn to read. */
export function containerSeals(version: string): ModelVersion {
  const seal = (n: number): object => ({ seal: `PD${number(`container-seals ${version}/${n}`, 900_000) + 100_000}` });
  return modelVersion('container-seals', version, {
    'README.md': card(['license: cc-by-4.0'], `container-seals ${version}`, 'Seal numbers and their pictures.'),
    'seals.jsonl': lines(16, seal),
    'split.json': json({ train: 12, test: 4 }),
  });
}

function lines(count: number, line: (n: number) => object): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, n) => `${JSON.stringify(line(n))}\n`).join(''));
}

/** A binary PGM. */
function image(seed: string): Buffer {
  const rows = Array.from({ length: (IMAGE_SIDE * IMAGE_SIDE) / 32 }, (_, n) =>
    createHash('sha256').update(`${seed}/${n}`).digest(),
  );
  return Buffer.concat([Buffer.from(`P5\n${IMAGE_SIDE} ${IMAGE_SIDE}\n255\n`), ...rows]);
}

function number(seed: string, below: number): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) % below;
}
