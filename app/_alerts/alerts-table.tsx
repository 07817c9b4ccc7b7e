import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { ListedAlert } from '#lib/services/alert/list.ts';
import { Age } from '../_ui/age.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';

interface Props {
  readonly alerts: readonly ListedAlert[];
  readonly now: number;
  /** Whether rows can be chosen, in the form around the table. */
  readonly canChoose: boolean;
}

const TITLE_LIMIT = 220;

/** Alerts, those that came last first. */
export function AlertsTable({ alerts, now, canChoose }: Props) {
  return (
    <ScrollArea label="Alerts, those that came last first">
      <table className="table table-stack">
        <thead>
          <tr>
            {canChoose ? (
              <th scope="col">
                <span className="sr-only">Chosen</span>
              </th>
            ) : null}
            <th scope="col">Severity</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Last raised</th>
            <th scope="col" className="numeric">
              Times
            </th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <Row key={alert.id} alert={alert} now={now} canChoose={canChoose} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ alert, now, canChoose }: { alert: ListedAlert; now: number; canChoose: boolean }) {
  const { id, kind, severity, state, title, count, lastAt, mutedUntil } = alert;
  const shown = elideMiddle(showText(title), TITLE_LIMIT);
  return (
    <tr>
      {canChoose ? (
        <td data-label="Choose">
          <label className="inline-flex min-h-6 min-w-6 items-center">
            <input type="checkbox" name="id" value={id} className="size-4 accent-accent" />
            <span className="sr-only">Choose: {shown}</span>
          </label>
        </td>
      ) : null}
      <td data-label="Severity">
        <StateMark state={SEVERITY[severity]} />
      </td>
      <th scope="row" data-label="What">
        <span className="flex min-w-0 flex-col gap-0.5 md:min-w-64">
          <AppLink href={`/alerts/${id}`} className="link font-medium wrap-anywhere">
            <bdi>{shown}</bdi>
          </AppLink>
          <span className="font-normal text-muted">{ALERT[kind].word}</span>
        </span>
      </th>
      <td data-label="State">
        <span className="flex flex-col">
          <StateMark state={ALERT_STATE[state]} />
          {mutedUntil === null ? null : (
            <span className="text-muted">
              until <Time at={mutedUntil} />
            </span>
          )}
        </span>
      </td>
      <td data-label="Last raised">
        <span className="flex flex-col">
          <Time at={lastAt} />
          <span className="text-muted">
            <Age at={lastAt} now={now} />
          </span>
        </span>
      </td>
      <td data-label="Times" className="numeric">
        {count}
      </td>
    </tr>
  );
}
