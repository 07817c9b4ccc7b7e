import { FetchError } from '#lib/rekor/fetch-error.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteAnswer, RemoteClient } from '#lib/remote/client.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import { type ListedAttestation, MAX_LIST_BYTES, parseAttestationList } from './attestation-list.ts';
import { unpackSnappy } from './snappy.ts';

const PAGE = 100;
const MAX_PAGES = 5;
const API_VERSION = '2022-11-28';
/** Where GitHub keeps bundles besides the API itself; always over https. */
const STORES = [/\.blob\.core\.windows\.net$/, /(?:^|\.)githubusercontent\.com$/];

export interface AttestationsPlace {
  /** Base address of the API, without a slash at its end. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string | null;
}

/** GitHub's attestations of one repository, by the digest of what they are about. */
export class AttestationsApi {
  readonly #client: RemoteClient;
  readonly #place: AttestationsPlace;

  constructor(client: RemoteClient, place: AttestationsPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** @param digest SHA-256 in lowercase hex. @throws {FetchError | AnswerError} */
  async list(digest: string, signal?: AbortSignal): Promise<readonly ListedAttestation[]> {
    const found: ListedAttestation[] = [];
    const { api, repository } = this.#place;
    let url: string | null = `${api}/repos/${repository}/attestations/sha256:${digest}?per_page=${PAGE}`;
    for (let page = 0; url !== null && page < MAX_PAGES; page++) {
      const answer: RemoteAnswer = await this.#client.send(url, {
        headers: this.#headers(),
        limit: MAX_LIST_BYTES,
        accept: [200, 403, 404],
        signal,
      });
      if (answer.status === 404) return found;
      if (answer.status === 403) throw forbidden(url, answer);
      found.push(...parseAttestationList(answer.bytes));
      url = this.#nextPage(answer.header('link'));
    }
    return found;
  }

  /**
   * The bundle at the address that a list gives.
   *
   * @throws {AnswerError} where the address is none that bundles of GitHub's lie at.
   */
  async fetchBundle(address: string, signal?: AbortSignal): Promise<Uint8Array> {
    const url = URL.canParse(address) ? new URL(address) : null;
    const isOwn = url?.origin === new URL(this.#place.api).origin;
    const isStore = url?.protocol === 'https:' && url.port === '' && STORES.some((store) => store.test(url.hostname));
    if (url === null || url.username !== '' || !(isOwn || isStore)) {
      const where = JSON.stringify(address.slice(0, 200));
      throw new AnswerError(
        `The list gives the bundle's address as ${where}, which is neither the API's nor GitHub's storage.`,
      );
    }
    const headers = isOwn ? this.#headers() : {};
    const { bytes, header } = await this.#client.send(url.href, { headers, limit: MAX_BUNDLE_BYTES, signal });
    const isPacked = /snappy/.test(header('content-type') ?? '') || /\.sn$/.test(url.pathname);
    return isPacked ? unpackSnappy(bytes, MAX_BUNDLE_BYTES) : bytes;
  }

  #headers(): Record<string, string> {
    const { token } = this.#place;
    return {
      accept: 'application/vnd.github+json',
      'x-github-api-version': API_VERSION,
      ...(token !== null && { authorization: `Bearer ${token}` }),
    };
  }

  /** The address behind `rel="next"`, where it stays with the API: the token goes along. */
  #nextPage(link: string | null): string | null {
    const part = link
      ?.slice(0, 8192)
      .split(',')
      .find((piece) => piece.includes('rel="next"'));
    const address = part?.slice(part.indexOf('<') + 1, part.indexOf('>')) ?? '';
    if (!URL.canParse(address)) return null;
    return new URL(address).origin === new URL(this.#place.api).origin ? address : null;
  }
}

/** GitHub says with 403 both that nothing is left of the hour, and that one may not look. */
function forbidden(url: string, answer: RemoteAnswer): FetchError {
  if (answer.header('x-ratelimit-remaining') === '0') {
    const reset = Number(answer.header('x-ratelimit-reset') ?? 0) * 1000;
    const wait = Number.isFinite(reset) ? Math.max(0, reset - Date.now()) : null;
    const mend = 'Add a token-file to the source, or ask less often.';
    return new FetchError(
      'rate-limited',
      url,
      `${url} answered 403: no requests are left for this hour. ${mend}`,
      wait,
    );
  }
  return new FetchError('unexpected-status', url, `${url} answered 403: the token may not read attestations there.`);
}
