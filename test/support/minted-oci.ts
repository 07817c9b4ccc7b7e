import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AskedRequest, GivenAnswer } from './answering-server.ts';

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const IMAGE_INDEX = 'application/vnd.oci.image.index.v1+json';
export const EMPTY_CONFIG = 'application/vnd.oci.empty.v1+json';

export interface MintedDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** OCI content made in memory: laid out on disk, or served as a registry of one repository does. */
export class MintedOci {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, Buffer>();
  readonly tags = new Map<string, string>();
  readonly #listed: MintedDescriptor[] = [];

  blob(bytes: string | Uint8Array, mediaType: string, annotations: Record<string, string> = {}): MintedDescriptor {
    const content = Buffer.from(bytes as Uint8Array);
    const digest = digestOf(content);
    this.blobs.set(digest, content);
    return { mediaType, digest, size: content.length, ...(Object.keys(annotations).length > 0 && { annotations }) };
  }

  manifest(
    of: {
      config?: MintedDescriptor;
      layers: readonly MintedDescriptor[];
      subject?: MintedDescriptor;
      artifactType?: string;
    },
    tag?: string,
  ): MintedDescriptor {
    const config = of.config ?? this.blob('{}', EMPTY_CONFIG);
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: IMAGE_MANIFEST, ...of, config }));
    const digest = digestOf(bytes);
    this.manifests.set(digest, bytes);
    if (tag !== undefined) this.tags.set(tag, digest);
    const { artifactType } = of;
    const descriptor = { mediaType: IMAGE_MANIFEST, digest, size: bytes.length, ...(artifactType && { artifactType }) };
    this.#listed.push(
      tag === undefined ? descriptor : { ...descriptor, annotations: { 'org.opencontainers.image.ref.name': tag } },
    );
    return descriptor;
  }

  referrers(digest: string): MintedDescriptor[] {
    return this.#listed.filter((one) => {
      const { subject } = JSON.parse(String(this.manifests.get(one.digest))) as { subject?: MintedDescriptor };
      return subject?.digest === digest;
    });
  }

  writeLayout(path: string): void {
    mkdirSync(join(path, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    writeFileSync(join(path, 'index.json'), indexOf(this.#listed));
    for (const [digest, bytes] of [...this.blobs, ...this.manifests]) {
      writeFileSync(join(path, 'blobs/sha256', digest.slice(7)), bytes);
    }
  }

  /** As the distribution specification has it, for requests below `/v2/<repository>`. */
  answer({ path }: Pick<AskedRequest, 'path'>, repository: string): GivenAnswer | undefined {
    const [, kind, name = ''] =
      new RegExp(`^/v2/${repository}/(manifests|blobs|referrers|tags)/([^?]+)`).exec(path) ?? [];
    if (kind === 'tags') return { body: JSON.stringify({ name: repository, tags: [...this.tags.keys()] }) };
    if (kind === 'referrers') return { headers: { 'content-type': IMAGE_INDEX }, body: indexOf(this.referrers(name)) };
    const found = kind === 'blobs' ? this.blobs.get(name) : this.manifests.get(this.tags.get(name) ?? name);
    return found && { body: found };
  }
}

export function indexOf(manifests: readonly MintedDescriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: IMAGE_INDEX, manifests });
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
