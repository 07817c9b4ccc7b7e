import { inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { repositoryOf } from '#lib/attestation/source-code.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { inBatches } from './batch.ts';
import { type LinkRow, linkAliases, type WeighedLink } from './stored-link.ts';

/** What Fulcio's extensions call the commit and the repository of the workflow that signed. */
const COMMIT = 'source-repository-digest';
const REPOSITORY = 'source-repository-uri';

/**
 * For links to code: whether the certificate of the statement's signer names the same commit of the same repository
 * (Fulcio extensions 1.13 and 1.12). Links that it says nothing of are left out.
 */
export function readCertifiedCode(
  tx: Writer,
  weighed: readonly WeighedLink[],
): Map<number, 'same-commit' | 'other-commit'> {
  const code = weighed.filter(
    ({ link, statement, basis }) => link.role === 'code' && basis === 'attester' && statement?.method === 'sigstore',
  );
  const read = inBatches<string, { id: string; certificate: string | null }>((ids) =>
    tx.select({ id: events.id, certificate: events.certificate }).from(events).where(inArray(events.id, ids)).prepare(),
  );
  const certificates = new Map(
    read(code.flatMap(({ statement }) => statement?.eventId ?? [])).map(({ id, certificate }) => [id, certificate]),
  );
  const found = new Map<number, 'same-commit' | 'other-commit'>();
  for (const { link, statement } of code) {
    const certificate = certificates.get(statement?.eventId ?? '');
    const outcome = certificate ? compare(link, JSON.parse(certificate) as CertificateFacts) : null;
    if (outcome !== null) found.set(link.id, outcome);
  }
  return found;
}

function compare(link: LinkRow, certificate: CertificateFacts): 'same-commit' | 'other-commit' | null {
  const value = (name: string) => certificate.extensions.find((extension) => extension.name === name)?.value ?? null;
  const commit = value(COMMIT);
  const repository = value(REPOSITORY);
  const stated = linkAliases(link).find(({ scheme }) => scheme === 'git');
  if (commit === null || repository === null || stated === undefined) return null;
  if (link.uri !== null && !isSameRepository(link.uri, repository)) return null;
  return stated.value === commit.toLowerCase() ? 'same-commit' : 'other-commit';
}

/** Hosts and GitHub's own paths ignore case; a ref, `.git` and the transport are no part of the repository. */
function isSameRepository(stated: string, certified: string): boolean {
  return repositoryOf(stated).toLowerCase() === repositoryOf(certified).toLowerCase();
}
