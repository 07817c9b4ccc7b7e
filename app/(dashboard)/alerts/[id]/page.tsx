import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { type AlertDetail, getAlert } from '#lib/services/alert/get.ts';
import { ChangeControls } from '../../../_alerts/change-controls.tsx';
import { HistoryList } from '../../../_alerts/history-list.tsx';
import { MessagesTable } from '../../../_alerts/messages-table.tsx';
import { whoAsks } from '../../../_server/asker.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { Facts } from '../../../_ui/facts.tsx';
import { Nothing, PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Time } from '../../../_ui/time.tsx';
import { Value } from '../../../_ui/value.tsx';

export const metadata = { title: 'Alert' };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

export default databasePage<Props>(async (database, { params }) => {
  const { id } = await params;
  const [alert, asker] = await Promise.all([getAlert(database, id), headers().then(whoAsks)]);
  if (!alert) notFound();
  const canResend = asker !== null && mayActAs(asker.role, 'investigator');
  const canChange = canResend && alert.state !== 'resolved';
  const { how, next, word } = ALERT[alert.kind];
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/alerts">Alerts</AppLink>
      </p>
      <PageHeader
        title={<bdi>{elideMiddle(showText(alert.title), 300)}</bdi>}
        marks={
          <>
            <StateMark state={SEVERITY[alert.severity]} />
            <StateMark state={ALERT_STATE[alert.state]} />
          </>
        }
      >
        {word}. {ALERT_STATE[alert.state].meaning}
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="What, how it is known, what now" id="what">
          <Facts
            facts={[
              ['What', <bdi key="what">{showText(alert.statement)}</bdi>],
              ['How it is known', how],
              ['What now', next],
              ['Raised', <Raised key="raised" alert={alert} />],
              [
                'Its page',
                <AppLink key="page" href={alert.href}>
                  {alert.href}
                </AppLink>,
              ],
            ]}
          />
        </Panel>
        {canChange ? (
          <Panel title="Decide" id="decide">
            <form action="/alerts/change" method="post">
              <input type="hidden" name="id" value={alert.id} />
              <input type="hidden" name="back" value={`/alerts/${alert.id}`} />
              <ChangeControls what="this alert" state={alert.state} />
            </form>
          </Panel>
        ) : null}
        <Panel title="Evidence" id="evidence">
          {Object.keys(alert.evidence).length > 0 ? (
            <Facts
              facts={Object.entries(alert.evidence).map(([label, value]) => [
                showText(label),
                <Value key={label} value={value} copy={showText(label)} limit={160} />,
              ])}
            />
          ) : (
            <p className="text-muted">There is none, or it was kept as long as alerts.keep says.</p>
          )}
        </Panel>
        <Panel title="What was done" id="history" flush>
          {alert.history.length > 0 ? (
            <HistoryList history={alert.history} />
          ) : (
            <Nothing>Nobody has decided anything about it yet.</Nothing>
          )}
        </Panel>
        <Panel title="Who was told" id="messages" flush>
          {alert.messages.length > 0 ? (
            <MessagesTable
              messages={alert.messages}
              label="Messages about this alert"
              canResend={canResend}
              alert={alert.id}
            />
          ) : (
            <Nothing>
              No message told of it: no route matches it, or its digest is not due.{' '}
              <AppLink href="/alerts/channels">Channels and routes</AppLink>
            </Nothing>
          )}
        </Panel>
      </div>
    </>
  );
});

function Raised({ alert: { count, firstAt, lastAt, isStanding, resolvedAt, mutedUntil } }: { alert: AlertDetail }) {
  return (
    <span>
      <Time at={firstAt} />
      {count > 1 ? (
        <>
          , {formatPlural(count, 'time')}, last <Time at={lastAt} />
        </>
      ) : null}
      {mutedUntil === null ? null : (
        <>
          ; silent until <Time at={mutedUntil} />
        </>
      )}
      {resolvedAt === null ? null : (
        <>
          ; resolved <Time at={resolvedAt} />
          {isStanding ? ', though its cause was there when it was last looked for' : ''}
        </>
      )}
    </span>
  );
}
