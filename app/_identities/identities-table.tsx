import { formatCount, formatIso, formatUtc } from '#lib/provenance/format.ts';
import type { IdentitySummary } from '#lib/services/identity/list.ts';
import { eventsUrl } from '../_server/events-url.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateGlyph } from '../_ui/state-mark.tsx';
import { SignerLink } from './signer-link.tsx';

/** Identities one a row: how much each signed, of what, and since when. */
export function IdentitiesTable({ identities }: { identities: readonly IdentitySummary[] }) {
  return (
    <ScrollArea label="Identities, the latest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Identity and issuer</th>
            <th scope="col" className="numeric">
              Signings
            </th>
            <th scope="col" className="numeric">
              Models
            </th>
            <th scope="col" className="numeric">
              Unclaimed
            </th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {identities.map((identity) => (
            <Row key={`${identity.san} ${identity.issuer}`} identity={identity} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({
  identity: { san, issuer, signings, models, unclaimed, impersonations, firstAt, lastAt },
}: {
  identity: IdentitySummary;
}) {
  return (
    <tr>
      <th scope="row" data-label="Identity">
        <SignerLink san={san} issuer={issuer} />
        {impersonations > 0 ? (
          <AppLink
            href={eventsUrl({ identity: san, issuer, authenticity: 'impersonation' })}
            className="link flex w-fit items-center gap-1.5 text-broken!"
          >
            <StateGlyph tone="broken" size={12} />
            {formatCount(impersonations)} under its name without proof
          </AppLink>
        ) : null}
      </th>
      <td data-label="Signings" className="numeric">
        {formatCount(signings)}
      </td>
      <td data-label="Models" className="numeric">
        {formatCount(models)}
      </td>
      <td data-label="Unclaimed" className="numeric">
        {unclaimed === 0 ? (
          <span className="text-muted">none</span>
        ) : (
          <AppLink href={eventsUrl({ identity: san, issuer, claim: 'unclaimed', authenticity: 'verified' })}>
            {formatCount(unclaimed)}
          </AppLink>
        )}
      </td>
      {(
        [
          ['First', firstAt],
          ['Last', lastAt],
        ] as const
      ).map(([label, at]) => (
        <td key={label} data-label={label}>
          <time dateTime={formatIso(at)} className="whitespace-nowrap">
            {formatUtc(at)}
          </time>
        </td>
      ))}
    </tr>
  );
}
