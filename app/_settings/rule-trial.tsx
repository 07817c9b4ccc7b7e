import { formatCount } from '#lib/provenance/format.ts';
import type { RuleTrial } from '#lib/services/setting/try-rule.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { Time } from '../_ui/time.tsx';
import { Signer, Value } from '../_ui/value.tsx';

/** What a rule would meet among the stored entries. */
export function RuleTrialPanel({ trial: { looked, met, examples, isWhole } }: { trial: RuleTrial }) {
  const among = isWhole ? `the ${formatCount(looked)} entries` : `the newest ${formatCount(looked)} entries`;
  return (
    <Panel title="What it would meet" id="trial">
      <div role="status" className="flex flex-col gap-3">
        <p className="max-w-[80ch]">
          <strong className="font-semibold">{formatCount(met)}</strong> of {among} that are stored here.{' '}
          {isWhole ? '' : 'The time for this was over before all were looked at. '}
          Only entries that a rule or a bundle led to are stored: what the logs hold besides is searched once the rule
          is in force and its past is asked for.
        </p>
        {examples.length === 0 ? null : (
          <ul className="flex flex-col gap-2">
            {examples.map(({ id, san, issuer, occurredAt, match }) => (
              <li key={id} className="flex flex-wrap items-start gap-x-4 gap-y-0.5">
                <AppLink href={`/events/${id}`}>
                  <Time at={occurredAt} />
                </AppLink>
                <Signer san={san} issuer={issuer} limit={80} />
                <span className="text-muted">
                  {match.field} {match.how}: <Value value={match.value} limit={60} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
