import { formatCount, formatIso, formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { CLAIM } from '#lib/provenance/state.ts';
import type { IdentityDetail } from '#lib/services/identity/get.ts';
import { statementWords } from '../_models/signings.ts';
import { eventsUrl } from '../_server/events-url.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Nothing } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { identityTotals } from './identity-totals.ts';

/** Models whose files an identity signed, the last signed first. */
export function SignedModels({ detail: { models, moreModels } }: { detail: IdentityDetail }) {
  if (models.length === 0) return <Nothing>No bundle shows that it signed a model.</Nothing>;
  return (
    <ScrollArea label="Table of its models" className="max-h-[30rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Model</th>
            <th scope="col" className="numeric">
              Versions
            </th>
            <th scope="col">First</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ name, slug, versions, firstAt, lastAt }) => (
            <tr key={slug}>
              <th scope="row" data-label="Model">
                <AppLink href={`/models/${slug}`}>
                  <Value value={name} limit={64} />
                </AppLink>
              </th>
              <td data-label="Versions" className="numeric">
                {formatCount(versions)}
              </td>
              <td data-label="First">
                <time dateTime={formatIso(firstAt)}>{formatUtc(firstAt)}</time>
              </td>
              <td data-label="Last">
                <time dateTime={formatIso(lastAt)}>{formatUtc(lastAt)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreModels > 0 ? <Nothing>{formatPlural(moreModels, 'more model')} not listed.</Nothing> : null}
    </ScrollArea>
  );
}

/** Statements that an identity signed, newest first. */
export function SignedStatements({ detail: { statements } }: { detail: IdentityDetail }) {
  if (statements.length === 0) return <Nothing>No bundle shows a statement of it.</Nothing>;
  return (
    <ScrollArea label="Table of its statements" className="max-h-[30rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">About</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {statements.map((statement) => (
            <tr key={statement.bundleId}>
              <th scope="row" data-label="Statement">
                {statement.eventId === null ? (
                  <Value value={statementWords(statement)} limit={64} isText />
                ) : (
                  <AppLink href={`/events/${statement.eventId}`}>
                    <Value value={statementWords(statement)} limit={64} isText />
                  </AppLink>
                )}
              </th>
              <td data-label="About">
                {statement.subject === null ? (
                  <span className="text-muted">a digest alone</span>
                ) : (
                  <Value value={statement.subject} limit={64} />
                )}
              </td>
              <td data-label="When">
                <Time at={statement.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** Signings of an identity that nobody has shown: of an own one, the alarm. */
export function UnclaimedSignings({ detail }: { detail: IdentityDetail }) {
  const { unclaimed, san, issuer } = detail;
  const all = identityTotals(detail).unclaimed;
  if (unclaimed.length === 0) return <Nothing>None: a bundle shows what each of its signings was.</Nothing>;
  return (
    <ScrollArea label="Unclaimed signings" className="max-h-[24rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">When</th>
            <th scope="col">Claim</th>
          </tr>
        </thead>
        <tbody>
          {unclaimed.map(({ id, at, claim }) => (
            <tr key={id}>
              <th scope="row" data-label="When">
                <AppLink href={`/events/${id}`}>
                  <time dateTime={formatIso(at)}>{formatUtc(at)}</time>
                </AppLink>
              </th>
              <td data-label="Claim">
                <StateMark state={CLAIM[claim]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > unclaimed.length ? (
        <p className="px-4 py-2">
          <AppLink href={eventsUrl({ identity: san, issuer, claim: 'unclaimed', authenticity: 'verified' })}>
            All {formatCount(all)} unclaimed signings
          </AppLink>
        </p>
      ) : null}
    </ScrollArea>
  );
}
