import { hash } from 'node:crypto';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteAnswer, RemoteClient, RemoteRequest } from '#lib/remote/client.ts';
import { isPublicHost } from '#lib/remote/public-host.ts';
import { asList, asMap, asText, parseAnswer } from '#lib/remote/strict-answer.ts';
import { type Descriptor, isDigest, MAX_MANIFEST_BYTES, readDescriptors } from './descriptor.ts';
import { type Credentials, logIn, parseChallenge } from './registry-login.ts';
import { type OciStore, requireDigest, requireSize, type TaggedManifest } from './store.ts';

const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');
/** Tags of one repository that are looked at in one round. */
const MAX_TAGS = 1000;
const PAGE = 100;
const MAX_PAGES = 20;
const MAX_HOPS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

export interface RegistryPlace {
  /** Base address, without a slash at its end. */
  readonly registry: string;
  readonly repository: string;
}

/**
 * One repository of a registry (OCI distribution specification 1.1). Only the configured host is asked, but for blobs,
 * which registries keep elsewhere: there over https, on the public network, and without credentials.
 */
export class OciRegistry implements OciStore {
  readonly location: string;
  readonly #client: RemoteClient;
  readonly #base: string;
  readonly #origin: string;
  readonly #credentials: Credentials | null;
  #authorization: string | null = null;
  #hasReferrers = true;

  constructor(client: RemoteClient, { registry, repository }: RegistryPlace, credentials: Credentials | null) {
    this.location = `${registry.replace(/^https?/, 'oci')}/${repository}`;
    this.#client = client;
    this.#base = `${registry}/v2/${repository}`;
    this.#origin = new URL(registry).origin;
    this.#credentials = credentials;
  }

  async roots(signal?: AbortSignal): Promise<readonly TaggedManifest[]> {
    const found: TaggedManifest[] = [];
    for (const tag of await this.#tags(signal)) {
      // Tags of this form stand in for referrers; they are asked for by digest.
      if (/^sha256-[0-9a-f]{64}/.test(tag)) continue;
      const digest = await this.tagged(tag, signal);
      if (digest !== null) found.push({ digest, tag });
    }
    return found;
  }

  async manifest(digest: string, signal?: AbortSignal): Promise<Uint8Array> {
    if (!isDigest(digest)) throw new AnswerError(`${JSON.stringify(digest)} is no SHA-256 digest.`);
    const { bytes } = await this.#get(`/manifests/${digest}`, manifestRequest([200], signal));
    requireDigest(bytes, digest, 'The manifest');
    return bytes;
  }

  async tagged(tag: string, signal?: AbortSignal): Promise<string | null> {
    if (!TAG.test(tag)) throw new AnswerError(`${JSON.stringify(tag)} is no tag.`);
    const answer = await this.#get(`/manifests/${tag}`, manifestRequest([200, 404], signal));
    if (answer.status === 404) return null;
    // Computed, not taken from the header: the header is the registry's word.
    return `sha256:${hash('sha256', answer.bytes)}`;
  }

  async referrers(digest: string, signal?: AbortSignal): Promise<readonly Descriptor[]> {
    const fromApi = this.#hasReferrers ? await this.#referrersFromApi(digest, signal) : null;
    if (fromApi !== null) return fromApi;
    this.#hasReferrers = false;
    // The specification's fallback: an index under a tag that is made of the digest.
    const tag = await this.tagged(digest.replace(':', '-'), signal);
    return tag === null ? [] : readIndex(await this.manifest(tag, signal), tag);
  }

  async blob(
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    requireSize(descriptor, limit);
    const request = { limit, accept: [200, ...REDIRECTS], signal };
    let answer = await this.#get(`/blobs/${descriptor.digest}`, request);
    let at = `${this.#base}/blobs/${descriptor.digest}`;
    for (let hop = 0; REDIRECTS.includes(answer.status); hop++) {
      if (hop === MAX_HOPS)
        throw new AnswerError(`The blob ${descriptor.digest} is redirected more than ${MAX_HOPS} times.`);
      at = await this.#followed(answer, at, descriptor.digest);
      answer = await this.#client.send(at, { ...request, headers: this.#headersFor(at) });
    }
    requireDigest(answer.bytes, descriptor.digest, 'The blob');
    return answer.bytes;
  }

  async #followed(answer: RemoteAnswer, from: string, digest: string): Promise<string> {
    const location = answer.header('location') ?? '';
    const to = URL.canParse(location, from) ? new URL(location, from) : null;
    if (to?.origin === this.#origin) return to.href;
    if (to?.protocol !== 'https:' || to.username !== '' || !(await isPublicHost(to.hostname).catch(() => false))) {
      const where = JSON.stringify(location.slice(0, 200));
      throw new AnswerError(`The blob ${digest} is redirected to ${where}, which is not a public https address.`);
    }
    return to.href;
  }

  #headersFor(url: string): Record<string, string> {
    const isOwn = new URL(url).origin === this.#origin;
    return isOwn && this.#authorization !== null ? { authorization: this.#authorization } : {};
  }

  async #tags(signal?: AbortSignal): Promise<readonly string[]> {
    const tags: string[] = [];
    let path: string | null = `/tags/list?n=${PAGE}`;
    for (let page = 0; path !== null && page < MAX_PAGES && tags.length < MAX_TAGS; page++) {
      const answer: RemoteAnswer = await this.#get(path, { limit: MAX_MANIFEST_BYTES, signal });
      const json = asMap(parseAnswer(answer.bytes, 'The list of tags', MAX_MANIFEST_BYTES), 'The list of tags');
      const found = asList(json.tags, 'The list of tags: tags', 100_000).map((tag, i) =>
        asText(tag, `tags[${i}]`, 256),
      );
      tags.push(...found.filter((tag) => TAG.test(tag)));
      const last = found.at(-1);
      path =
        last !== undefined && answer.header('link') !== null
          ? `/tags/list?n=${PAGE}&last=${encodeURIComponent(last)}`
          : null;
    }
    return tags.slice(0, MAX_TAGS);
  }

  async #referrersFromApi(digest: string, signal?: AbortSignal): Promise<readonly Descriptor[] | null> {
    const answer = await this.#get(`/referrers/${digest}`, {
      limit: MAX_MANIFEST_BYTES,
      accept: [200, 400, 404, 405],
      signal,
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    return answer.status === 200 ? readIndex(answer.bytes, `referrers of ${digest}`) : null;
  }

  async #get(path: string, request: RemoteRequest): Promise<RemoteAnswer> {
    const accept = [...(request.accept ?? [200]), 401];
    const send = () =>
      this.#client.send(this.#base + path, {
        ...request,
        accept,
        headers: { ...request.headers, ...(this.#authorization !== null && { authorization: this.#authorization }) },
      });
    const answer = await send();
    if (answer.status !== 401) return answer;
    const challenge = parseChallenge(answer.header('www-authenticate'));
    this.#authorization = await logIn(this.#client, this.#origin, challenge, this.#credentials, request.signal);
    const again = await send();
    if (again.status !== 401) return again;
    throw new AnswerError(`${this.location} refuses the login. Correct username and password-file of the source.`);
  }
}

function manifestRequest(accept: readonly number[], signal?: AbortSignal): RemoteRequest {
  return { limit: MAX_MANIFEST_BYTES, accept, signal, headers: { accept: MANIFEST_TYPES } };
}

function readIndex(bytes: Uint8Array, what: string): readonly Descriptor[] {
  const json = asMap(parseAnswer(bytes, what, MAX_MANIFEST_BYTES), what);
  return readDescriptors(json.manifests, `${what}: manifests`);
}
