import { hash } from 'node:crypto';
import { z } from 'zod';
import type { GithubSource } from '#lib/config/sources-schema.ts';
import type { ListedAttestation } from '#lib/github/attestation-list.ts';
import { AttestationsApi } from '#lib/github/attestations-api.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { clearUnreadable, findDelivery, recordDelivery } from './deliver.ts';
import { askedSchema, fileDigestsOf, nextVersions } from './next-versions.ts';
import type { SourceRun } from './run-source.ts';
import { takeBundle } from './take-bundle.ts';
import { tolerate } from './tolerate.ts';

/** GitHub answers 60 requests an hour to strangers, 5,000 to those with a token. */
const DIGESTS = { stranger: 12, known: 240 };
/** Of one version: both its roots, and its first files. */
const FILES_ASKED = 10;

const memorySchema = z.object({ asked: askedSchema }).catch({ asked: { newest: null, down: null } });

/**
 * Asks GitHub for the attestations of one repository about what we know: the roots and the files of our versions, the
 * newest first, so many in one look. An attestation by address is fetched once.
 */
export async function pollGithub(
  ctx: ServiceContext,
  source: GithubSource,
  standards: Standards,
  client: RemoteClient,
  memory: unknown,
  signal?: AbortSignal,
): Promise<SourceRun> {
  const token = source.tokenFile === undefined ? null : await readSecretFile(source.tokenFile);
  const api = new AttestationsApi(client, { api: source.api, repository: source.github, token });
  const budget = token === null ? DIGESTS.stranger : DIGESTS.known;
  const perVersion = FILES_ASKED + 2;
  const next = nextVersions(ctx, memorySchema.parse(memory).asked, Math.max(1, Math.floor(budget / perVersion)));
  const counts = { digests: 0, read: 0, accepted: 0, refused: 0, unchanged: 0 };
  const digests = next.versions.flatMap(({ id, roots }) => [...roots, ...fileDigestsOf(ctx, id, FILES_ASKED)]);
  for (const digest of new Set(digests)) {
    counts.digests++;
    const list = await tolerate(() => api.list(digest, signal));
    if (list instanceof Error) {
      // 403 is said of all of them, not of this one.
      if (list instanceof FetchError && list.code === 'unexpected-status') throw list;
      refuse(ctx, source, `sha256:${digest}`, list.message);
      counts.refused++;
      continue;
    }
    clearUnreadable(ctx, source.name, `sha256:${digest}`);
    for (const listed of list) {
      const outcome = await takeListed(ctx, { source, standards, api }, digest, listed, signal);
      counts[outcome]++;
      if (outcome !== 'unchanged') counts.read++;
    }
  }
  return { counts, memory: { asked: next.asked } };
}

interface Asking {
  readonly source: GithubSource;
  readonly standards: Standards;
  readonly api: AttestationsApi;
}

async function takeListed(
  ctx: ServiceContext,
  { source, standards, api }: Asking,
  digest: string,
  { bundle, url }: ListedAttestation,
  signal?: AbortSignal,
): Promise<'accepted' | 'refused' | 'unchanged'> {
  const id = hash('sha256', bundle ?? url ?? '').slice(0, 16);
  const place = { channel: 'github' as const, source: source.name, path: `sha256:${digest}/${id}` };
  const known = findDelivery(ctx, place.source, place.path);
  // What was refused for its content is tried again when the standards change, from the bytes that are kept.
  if (known && (known.outcome === 'accepted' || known.sha256 !== null)) return 'unchanged';
  const bytes = await tolerate(async () => {
    if (bundle) return bundle;
    if (url === null) throw new AnswerError('The list gives neither the bundle nor its address.');
    return api.fetchBundle(url, signal);
  });
  if (bytes instanceof Error) {
    refuse(ctx, source, place.path, bytes.message);
    return 'refused';
  }
  return takeBundle(ctx, standards, { ...place, modifiedAt: ctx.now() }, bytes).outcome;
}

function refuse(ctx: ServiceContext, { name: source }: GithubSource, path: string, reason: string): void {
  const what = { channel: 'github' as const, source, path, size: 0, modifiedAt: ctx.now() };
  recordDelivery(ctx, { ...what, outcome: 'refused', reasonCode: 'unreadable', reason });
}
