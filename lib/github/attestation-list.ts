import { asList, asMap, asTextOrNull, parseAnswer } from '#lib/remote/strict-answer.ts';

/** Of one answer; 100 bundles of GitHub's size fit several times. */
export const MAX_LIST_BYTES = 32 * 1024 * 1024;
const MAX_ATTESTATIONS = 1000;

/** One attestation: its bundle as it stands there, else where to get it. */
export interface ListedAttestation {
  /** The bundle written anew as JSON: what a bundle means does not depend on its spelling. Null where only `url` is given. */
  readonly bundle: Uint8Array | null;
  readonly url: string | null;
}

/**
 * Reads GitHub's list of attestations, as `GET /repos/{owner}/{repo}/attestations/{subject_digest}` answers and as people
 * save it (REST API 2022-11-28; 2026-03-10 gives addresses in place of bundles).
 *
 * @throws {AnswerError}
 */
export function parseAttestationList(bytes: Uint8Array): readonly ListedAttestation[] {
  const what = 'The list of attestations';
  const json = asMap(parseAnswer(bytes, what, MAX_LIST_BYTES), what);
  return asList(json.attestations, `${what}: attestations`, MAX_ATTESTATIONS).map((item, i) => {
    const at = `${what}: attestations[${i}]`;
    const { bundle, bundle_url: url } = asMap(item, at);
    const isThere = typeof bundle === 'object' && bundle !== null;
    return {
      bundle: isThere ? Buffer.from(JSON.stringify(bundle)) : null,
      url: asTextOrNull(url, `${at}.bundle_url`, 8192),
    };
  });
}
