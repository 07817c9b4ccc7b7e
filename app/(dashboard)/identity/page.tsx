import { notFound } from 'next/navigation';
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { AUTHENTICITY } from '#lib/provenance/state.ts';
import { getIdentity, IDENTITY_LIMIT, type IdentityDetail } from '#lib/services/identity/get.ts';
import { SignedModels, SignedStatements, UnclaimedSignings } from '../../_identities/identity-lists.tsx';
import { identityTotals } from '../../_identities/identity-totals.ts';
import { SignerLink } from '../../_identities/signer-link.tsx';
import { InvestigateLink } from '../../_incidents/investigate-link.tsx';
import { eventsUrl } from '../../_server/events-url.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Nothing, PageHeader, Panel } from '../../_ui/panel.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { Time } from '../../_ui/time.tsx';
import { Value } from '../../_ui/value.tsx';

const loadQuery = createLoader({ san: parseAsString, issuer: parseAsString });
const MOST = 8192;

export const metadata = { title: 'Identity' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const { san, issuer } = loadQuery(await searchParams);
  if (san === null || san === '' || san.length > MOST || (issuer?.length ?? 0) > MOST) notFound();
  const detail = await getIdentity(database, { san, issuer });
  if (!detail) notFound();
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/identities">Identities</AppLink>
      </p>
      <PageHeader title={<Value value={san} limit={120} copy="identity" />}>
        {issuer === null ? 'No issuer vouches for this name.' : 'Vouched for by '}
        {issuer === null ? null : <Value value={issuer} limit={120} copy="issuer" />}{' '}
        <InvestigateLink kind="identity" value={san} more={issuer ?? ''}>
          Investigate: what did it sign?
        </InvestigateLink>
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Words detail={detail} />
        <Panel
          title="Signed and shown by nobody"
          id="unclaimed"
          flush
          aside={formatPlural(identityTotals(detail).unclaimed, 'signing')}
          note="The certificate is genuine and the entry is in the log, but no bundle here says what was signed."
        >
          <UnclaimedSignings detail={detail} />
        </Panel>
        <Panel
          title="Models whose files it signed"
          id="models"
          flush
          aside={formatPlural(detail.models.length + detail.moreModels, 'model')}
        >
          <SignedModels detail={detail} />
        </Panel>
        <Panel
          title="Statements it signed"
          id="statements"
          flush
          aside={
            detail.statements.length === IDENTITY_LIMIT
              ? `the newest ${IDENTITY_LIMIT}`
              : formatPlural(detail.statements.length, 'statement')
          }
        >
          <SignedStatements detail={detail} />
        </Panel>
        <Related detail={detail} />
      </div>
    </>
  );
});

function Words({ detail }: { detail: IdentityDetail }) {
  const { san, issuer, firstAt, lastAt, rules } = detail;
  const { proven, impersonations, unverifiable } = identityTotals(detail);
  return (
    <section aria-label="In words" className="panel border-l-4 border-l-accent px-4 py-3 leading-6">
      <p>
        <AppLink href={eventsUrl({ identity: san, issuer })}>{formatPlural(proven, 'proven signing')}</AppLink>, the
        first entry <Time at={firstAt} />, the last <Time at={lastAt} />.
      </p>
      {impersonations === 0 ? null : (
        <p>
          <StateMark state={AUTHENTICITY.impersonation} className="mr-2" />
          <AppLink href={eventsUrl({ identity: san, issuer, authenticity: 'impersonation' })}>
            {formatPlural(impersonations, 'entry names', 'entries name')}
          </AppLink>{' '}
          it without proof: somebody else made them.
        </p>
      )}
      {unverifiable === 0 ? null : (
        <p>{formatPlural(unverifiable, 'entry', 'entries')} with its name cannot be verified either way.</p>
      )}
      <p className="text-muted">
        {rules.length === 0 ? (
          'No watch rule names it: what it signs elsewhere is not looked for.'
        ) : (
          <>
            Watched for by{' '}
            {rules.map(({ rule, own }, i) => (
              <span key={rule}>
                {i === 0 ? '' : ', '}
                <AppLink href={eventsUrl({ rule })}>
                  <Value value={rule} limit={40} isText />
                </AppLink>
                {own ? ' (an own identity)' : ''}
              </span>
            ))}
            .
          </>
        )}
      </p>
    </section>
  );
}

function Related({ detail: { related } }: { detail: IdentityDetail }) {
  if (related.length === 0) return null;
  return (
    <Panel
      title="Close to it, and not the same"
      id="related"
      flush
      note="The same workflow on other branches or tags, and the same name at other issuers."
    >
      <ul className="divide-y divide-line">
        {related.map(({ san, issuer, count }) => (
          <li key={`${san} ${issuer}`} className="flex flex-wrap items-start justify-between gap-x-4 px-4 py-2">
            <SignerLink san={san} issuer={issuer} />
            <span className="text-muted">{formatCount(count)} entries</span>
          </li>
        ))}
      </ul>
      {related.length === IDENTITY_LIMIT ? <Nothing>Only the first {IDENTITY_LIMIT} are listed.</Nothing> : null}
    </Panel>
  );
}
