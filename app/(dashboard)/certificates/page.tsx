import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { CERTIFICATE_COVERAGE } from '#lib/provenance/certificate-words.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import {
  type CertificateFilter,
  type CountedState,
  countCertificates,
  listCertificateRules,
  listCertificates,
} from '#lib/services/certificate/list.ts';
import { CertificatesTable } from '../../_certificates/certificates-table.tsx';
import { CertificatesFilter } from '../../_certificates/filter-form.tsx';
import { formatPlace, parsePlace, withoutEmptyParts } from '../../_server/address.ts';
import { type CertificatesQuery, certificatesUrl, loadCertificatesQuery } from '../../_server/certificates-url.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';

const PAGE_SIZE = 50;

export const metadata = { title: 'Certificates' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/certificates${clean}`);
  const query = loadCertificatesQuery(params);
  const place = parsePlace(query.before);
  const [page, counts, rules] = await Promise.all([
    listCertificates(database, {
      filter: filterOf(query),
      limit: PAGE_SIZE,
      ...(place && { olderThan: { issuedAt: place.at, id: place.id } }),
    }),
    countCertificates(database),
    listCertificateRules(database),
  ]);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <>
      <PageHeader title="Certificates">
        {total === 0 ? null : <p className="mb-1 text-ink">{describe(counts, total)}</p>}
        <p className="text-pretty">{CERTIFICATE_COVERAGE.join(' ')}</p>
      </PageHeader>
      <CertificatesFilter query={query} rules={rules} counts={counts} />
      <div className="panel overflow-hidden">
        {page.certificates.length > 0 ? (
          <CertificatesTable certificates={page.certificates} />
        ) : (
          <NoCertificates isNone={total === 0} />
        )}
      </div>
      <Pager
        newer={place === null ? null : certificatesUrl({ ...query, before: null })}
        older={
          page.next && certificatesUrl({ ...query, before: formatPlace({ at: page.next.issuedAt, id: page.next.id }) })
        }
      />
    </>
  );
});

/** How many there are, and of which of them somebody should know. */
function describe(counts: ReadonlyMap<CountedState, number>, total: number): string {
  const undecided = counts.get('undecided') ?? 0;
  const unused = counts.get('unused') ?? 0;
  const readable = total - undecided;
  const parts = [
    readable === 0 ? '' : `${formatPlural(readable, 'certificate')} of watched identities in certificate logs, `,
    readable === 0 ? '' : `${unused === 0 ? 'none' : formatCount(unused)} of them unused. `,
    undecided === 0 ? '' : `${formatPlural(undecided, 'entry', 'entries')} that this version cannot read.`,
  ];
  return parts.join('').trim();
}

function filterOf({ state, rule, identity, issuer, own }: CertificatesQuery): CertificateFilter {
  return {
    ...(state === 'undecided' ? { state: 'waiting', undecided: true } : state !== null && { state }),
    ...(state === 'waiting' && { readable: true }),
    ...(issuer !== null && { issuer: issuer.slice(0, 8192) }),
    ...(rule !== null && { rule: rule.slice(0, 512) }),
    ...(identity !== null && { identity: identity.slice(0, 8192) }),
    ...(own && { own }),
  };
}

function NoCertificates({ isNone }: { isNone: boolean }) {
  if (!isNone) {
    return (
      <Empty title="No certificate matches all of these filters">
        <AppLink href="/certificates">Show all certificates</AppLink>. Identities and issuers are compared whole.
      </Empty>
    );
  }
  return (
    <Empty title="No certificate of a watched identity has been seen">
      They come from the certificate logs of the trust root, once a watch rule names an identity. Without such a log, or
      with logs.certificate-logs: false, this page stays empty.{' '}
      <AppLink href="/logs">See how far the logs have been read</AppLink>.
    </Empty>
  );
}
