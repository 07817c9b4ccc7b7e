/** `hub/`: four model repositories as the Hugging Face clients leave them on disk, found by a folder source. */
import { createHash } from 'node:crypto';
import type { StoryRepository } from './facts.ts';
import { sha256 } from './files.ts';
import { type ModelVersion, modelVersion } from './oms.ts';
import type { Shelf } from './shelf.ts';
import { visionFork } from './tidewater.ts';

/** A repository as it is found: what lies in it, under which name, and what was signed of it. */
interface Found extends Pick<StoryRepository, 'what' | 'signature' | 'changed'> {
  readonly version: ModelVersion;
  /** `org/name`, for those that lie as in the clients' cache; the others are plain downloads. */
  readonly repository: string | null;
}

/** Writes the repositories; the signatures of their versions must lie below `bundles/` by now. */
export function writeHub(shelf: Shelf): StoryRepository[] {
  const found: Found[] = [
    {
      version: published(shelf, 'tidewater-lora', '0.1.0'),
      repository: 'models-example/tidewater-lora',
      what: 'An adapter with its signature, as its publisher uploaded it',
      signature: 'whole',
      changed: [],
    },
    {
      version: visionFork('0.0.1'),
      repository: 'fork-example/northwind-vision-cranes',
      what: 'A fork that nobody has signed',
      signature: 'none',
      changed: [],
    },
    {
      version: tampered(published(shelf, 'northwind-vision-lora', '0.1.0')),
      repository: null,
      what: 'A mirror whose weights were changed after they were signed',
      signature: 'broken',
      changed: ['adapter_model.safetensors'],
    },
    {
      version: published(shelf, 'northwind-retrieval-index', '2026.10'),
      repository: null,
      what: 'The component that is signed late: its signature never comes to lie here',
      signature: 'none',
      changed: [],
    },
  ];
  return found.map((of) => write(shelf, of));
}

function write(shelf: Shelf, { version, repository, what, signature, changed }: Found): StoryRepository {
  const { model, version: label, root: omsRoot } = version;
  const revision = repository === null ? null : createHash('sha1').update(`${repository} ${label}`).digest('hex');
  const directory = placeOf(shelf, model, repository, revision);
  for (const [path, bytes] of version.files) shelf.save(`${directory}/${path}`, bytes);
  if (signature !== 'none') shelf.save(`${directory}/model.sig`, shelf.read(`bundles/${model}/${label}/model.sig`));
  const declaredBase = /^base_model: (.+)$/m.exec(version.files.get('README.md')?.toString() ?? '')?.[1] ?? null;
  return { directory, repository, revision, what, model, version: label, omsRoot, signature, changed, declaredBase };
}

/** The cache keeps each commit's files in a snapshot, and says in `refs/` which is the newest. */
function placeOf(shelf: Shelf, model: string, repository: string | null, revision: string | null): string {
  if (repository === null || revision === null) return `hub/${model}`;
  const folder = `hub/models--${repository.replace('/', '--')}`;
  shelf.save(`${folder}/refs/main`, revision);
  return `${folder}/snapshots/${revision}`;
}

/** One bit of the adapter's last weight, flipped. */
function tampered(version: ModelVersion): ModelVersion {
  const name = 'adapter_model.safetensors';
  const bytes = Buffer.from(version.files.get(name) ?? []);
  if (bytes.length === 0) throw new Error(`${version.model} has no ${name}`);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return modelVersion(version.model, version.version, { ...Object.fromEntries(version.files), [name]: bytes });
}

/** A version that was published, read back from the fixture. */
function published(shelf: Shelf, model: string, version: string): ModelVersion {
  const found = shelf.models.find((of) => of.model === model && of.version === version);
  if (found === undefined) throw new Error(`${model} ${version} was never published`);
  const files = found.files.map(({ path, sha256: digest }) => {
    const bytes = shelf.read(`${found.directory}/${path}`);
    if (sha256(bytes) !== digest) throw new Error(`${path} of ${model} ${version} has changed since`);
    return [path, bytes] as const;
  });
  return modelVersion(model, version, Object.fromEntries(files));
}
