/** The fixture's folder while it is being recorded: files of models and data sets, and room for bundles. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoryModel } from './facts.ts';
import { sha256 } from './files.ts';
import type { ModelVersion } from './oms.ts';

/** A published version before anybody has judged its chain. */
export type PublishedVersion = Omit<StoryModel, 'verdicts'>;

export class Shelf {
  readonly models: PublishedVersion[] = [];
  readonly #directory: string;
  readonly #scratch: string;

  constructor(directory: string, scratch: string) {
    this.#directory = directory;
    this.#scratch = scratch;
  }

  /** Writes a version's files to `models/<model>/<version>/`, those of a data set to `datasets/`. */
  publish(version: ModelVersion, signed: boolean, kind: StoryModel['kind'] = 'model'): void {
    const { model, version: label, root: omsRoot } = version;
    const directory = `${kind}s/${model}/${label}`;
    for (const [path, bytes] of version.files) this.save(`${directory}/${path}`, bytes);
    const files = [...version.files].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
    this.models.push({ kind, model, version: label, omsRoot, signed, directory, files });
  }

  /** Notes that a version which was published unsigned is signed after all. */
  markSigned(version: ModelVersion): void {
    const at = this.#find(version);
    const published = this.models[at];
    if (published === undefined) throw new Error(`${version.model} ${version.version} was never published`);
    this.models[at] = { ...published, signed: true };
  }

  /** A copy to sign: the folder's name becomes the model's name in the statement, so it is named after the model. */
  stage(version: ModelVersion): string {
    const folder = join(this.#scratch, version.version, version.model);
    cpSync(this.path(this.models[this.#find(version)]?.directory ?? ''), folder, { recursive: true });
    return folder;
  }

  /** Where `path` below the fixture is on disk. */
  path(path: string): string {
    return join(this.#directory, path);
  }

  read(path: string): Buffer {
    return readFileSync(this.path(path));
  }

  readJson(path: string): unknown {
    return JSON.parse(this.read(path).toString());
  }

  save(path: string, content: Buffer | string): void {
    writeFileSync(this.makeRoom(path), content);
  }

  /** Makes the folders above `path`; gives where it is on disk. */
  makeRoom(path: string): string {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    return this.path(path);
  }

  #find(version: ModelVersion): number {
    return this.models.findIndex((of) => of.model === version.model && of.version === version.version);
  }
}
