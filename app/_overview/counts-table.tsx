import { formatCount } from '#lib/provenance/format.ts';
import { AUTHENTICITY, CLAIM, type State } from '#lib/provenance/state.ts';
import type { Counts } from '#lib/services/overview/counts.ts';
import { eventsUrl } from '../_server/events-url.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';

/** How much there is of each kind; every number leads to what it counts. */
export function CountsTable({ counts }: { counts: Counts }) {
  const claims = ['model', 'other', 'probable', 'unclaimed'] as const;
  const authenticities = ['verified', 'impersonation', 'unverifiable'] as const;
  return (
    <table className="table">
      <thead className="sr-only">
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Number</th>
        </tr>
      </thead>
      <tbody>
        <Row label="Models" count={counts.models} href="/models" />
        <Row label="Events" count={counts.events} href="/events" />
        {claims.map((claim) => (
          <Row key={claim} state={CLAIM[claim]} count={counts.byClaim[claim]} href={eventsUrl({ claim })} />
        ))}
        {authenticities.map((authenticity) => (
          <Row
            key={authenticity}
            state={AUTHENTICITY[authenticity]}
            count={counts.byAuthenticity[authenticity]}
            href={eventsUrl({ authenticity })}
          />
        ))}
        <Row label="Undecided entries" count={counts.undecided} href="/undecided" />
      </tbody>
    </table>
  );
}

function Row({ label, state, count, href }: { label?: string; state?: State; count: number; href: string }) {
  return (
    <tr>
      <th scope="row" className={state ? 'pl-6!' : 'font-medium!'}>
        {state ? <StateMark state={state} /> : label}
      </th>
      <td className="numeric">
        <AppLink href={href}>
          {formatCount(count)}
          <span className="sr-only"> {state?.word ?? label}</span>
        </AppLink>
      </td>
    </tr>
  );
}
