import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AnswerError } from '#lib/remote/answer-error.ts';
import { asMap, parseAnswer } from '#lib/remote/strict-answer.ts';
import {
  type Descriptor,
  isDigest,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseManifest,
  readDescriptors,
} from './descriptor.ts';
import { type OciStore, requireDigest, requireSize, type TaggedManifest } from './store.ts';

const TAG = 'org.opencontainers.image.ref.name';
const SUPPORTED = /^1\.\d{1,4}\.\d{1,4}$/;

/** An image layout on disk (OCI image specification, image-layout.md). One round sees one state of it: the index is read once. */
export class OciLayout implements OciStore {
  readonly location: string;
  #index: Promise<readonly Descriptor[]> | null = null;
  #bySubject: Promise<ReadonlyMap<string, readonly Descriptor[]>> | null = null;

  /** @param path absolute. */
  constructor(path: string) {
    this.location = path;
  }

  async roots(): Promise<readonly TaggedManifest[]> {
    const index = await this.#once();
    return index.map(({ digest, annotations }) => ({ digest, tag: annotations.get(TAG) ?? null }));
  }

  async manifest(digest: string): Promise<Uint8Array> {
    return this.#blob(digest, MAX_MANIFEST_BYTES);
  }

  /** A layout has no referrers API: what refers to a manifest stands in the index beside it. */
  async referrers(digest: string): Promise<readonly Descriptor[]> {
    this.#bySubject ??= this.#findReferrers();
    return (await this.#bySubject).get(digest) ?? [];
  }

  async tagged(tag: string): Promise<string | null> {
    const index = await this.#once();
    return index.find(({ annotations }) => annotations.get(TAG) === tag)?.digest ?? null;
  }

  async blob(descriptor: Pick<Descriptor, 'digest' | 'size'>, limit: number): Promise<Uint8Array> {
    requireSize(descriptor, limit);
    return this.#blob(descriptor.digest, limit);
  }

  #once(): Promise<readonly Descriptor[]> {
    this.#index ??= this.#readIndex();
    return this.#index;
  }

  /** Each manifest is read once, however many are asked about. One that cannot be read refers to nothing. */
  async #findReferrers(): Promise<ReadonlyMap<string, readonly Descriptor[]>> {
    const found = new Map<string, Descriptor[]>();
    for (const descriptor of await this.#once()) {
      if (descriptor.size > MAX_MANIFEST_BYTES) continue;
      const manifest = await this.#manifestOf(descriptor);
      if (!manifest?.subject) continue;
      const { artifactType, annotations, subject } = manifest;
      const list = found.get(subject.digest) ?? [];
      list.push({ ...descriptor, artifactType, annotations });
      found.set(subject.digest, list);
    }
    return found;
  }

  async #manifestOf({ digest }: Descriptor): Promise<Manifest | null> {
    try {
      return parseManifest(await this.manifest(digest), digest);
    } catch (error) {
      if (error instanceof AnswerError) return null;
      throw error;
    }
  }

  async #readIndex(): Promise<readonly Descriptor[]> {
    const marker = asMap(parseAnswer(await this.#read('oci-layout', 4096), 'oci-layout', 4096), 'oci-layout');
    if (typeof marker.imageLayoutVersion !== 'string' || !SUPPORTED.test(marker.imageLayoutVersion)) {
      throw new AnswerError(`${this.location} is no image layout of version 1: its oci-layout says another.`);
    }
    const bytes = await this.#read('index.json', MAX_MANIFEST_BYTES);
    const index = asMap(parseAnswer(bytes, 'index.json', MAX_MANIFEST_BYTES), 'index.json');
    return readDescriptors(index.manifests, 'index.json: manifests');
  }

  async #blob(digest: string, limit: number): Promise<Uint8Array> {
    // The digest becomes a path: nothing but hex may get there.
    if (!isDigest(digest)) throw new AnswerError(`${JSON.stringify(digest)} is no SHA-256 digest.`);
    const bytes = await this.#read(join('blobs', 'sha256', digest.slice('sha256:'.length)), limit);
    requireDigest(bytes, digest, 'The blob');
    return bytes;
  }

  async #read(name: string, limit: number): Promise<Uint8Array> {
    const path = join(this.location, name);
    await using file = await open(path, 'r').catch((error: Error) => {
      throw new AnswerError(`The image layout is not whole: ${error.message}.`);
    });
    const { size } = await file.stat();
    if (size > limit) throw new AnswerError(`${path} has ${size} bytes; at most ${limit} are read.`);
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, 0);
    return buffer.subarray(0, bytesRead);
  }
}
