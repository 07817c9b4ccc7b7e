import { headers } from 'next/headers';
import { mayActAs } from '#lib/services/access/role.ts';
import { listChannels } from '#lib/services/alert/list-channels.ts';
import { ChannelPanel } from '../../../_alerts/channel-panel.tsx';
import { RoutesTable } from '../../../_alerts/routes-table.tsx';
import { whoAsks } from '../../../_server/asker.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { CodeBlock } from '../../../_ui/code-block.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'Channels and routes' };

const EXAMPLE = `alerts:
  channels:
    - name: soc-mail
      kind: email
      from: modeltrail@models.example
      to: [security@models.example]
      host: smtp.models.example
  routes:
    - name: grave
      severity: high
      channels: [soc-mail]`;

export default databasePage<object>(async (database) => {
  const [{ channels, routes }, asker] = await Promise.all([listChannels(database), headers().then(whoAsks)]);
  const canTest = asker !== null && mayActAs(asker.role, 'admin');
  const canResend = asker !== null && mayActAs(asker.role, 'investigator');
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/alerts">Alerts</AppLink>
      </p>
      <PageHeader title="Channels and routes">
        Routes say which alerts go to which channels. The jobs send what is in the outbox, in its order, and try again
        what is not taken.
      </PageHeader>
      <div className="flex flex-col gap-8">
        {channels.length === 0 ? (
          <div className="panel">
            <Empty title="Nobody is told of alerts yet">
              They stand on the page of alerts only. Add a channel and a route to the configuration; they are in force
              as soon as it is saved:
            </Empty>
            <div className="mx-auto max-w-[60ch] px-4 pb-6">
              <CodeBlock label="configuration" text={EXAMPLE} />
            </div>
          </div>
        ) : (
          channels.map((channel) => (
            <ChannelPanel key={channel.name} channel={channel} canTest={canTest} canResend={canResend} />
          ))
        )}
        {channels.length > 0 ? (
          <Panel title="Routes" id="routes" flush>
            {routes.length > 0 ? (
              <RoutesTable routes={routes} />
            ) : (
              <Empty title="No route leads to these channels">Add one under alerts.routes in the configuration.</Empty>
            )}
          </Panel>
        ) : null}
      </div>
    </>
  );
});
