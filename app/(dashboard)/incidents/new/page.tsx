import type { Metadata } from 'next';
import { headers } from 'next/headers';
import type { SearchParams } from 'nuqs/server';
import type { OpenDatabase } from '#db/client.ts';
import { describeScope } from '#lib/provenance/describe-scope.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { getIncident } from '#lib/services/incident/get.ts';
import { listOwners } from '#lib/services/incident/list-owners.ts';
import { readPathNodes } from '#lib/services/incident/path-nodes.ts';
import { type Preview, previewScope } from '#lib/services/incident/preview.ts';
import { LivePreview } from '../../../_incidents/live-preview.tsx';
import { EditScopeForm, OpenForm } from '../../../_incidents/open-form.tsx';
import { PreviewTable } from '../../../_incidents/preview-table.tsx';
import { ScopeFields } from '../../../_incidents/scope-fields.tsx';
import { checkedScope, MOST_ROWS, readScopeParams } from '../../../_incidents/scope-form.ts';
import { TierCounts } from '../../../_incidents/tier-counts.tsx';
import { whoAsks } from '../../../_server/asker.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

const SHOWN = 100;
const FORM = 'scope';

export const metadata: Metadata = { title: 'Investigate' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const form = readScopeParams(params);
  const read = checkedScope(form);
  const [owners, edited, asker] = await Promise.all([
    listOwners(database),
    typeof params.incident === 'string' ? getIncident(database, params.incident.slice(0, 100)) : null,
    whoAsks(await headers()),
  ]);
  const canAct = asker !== null && mayActAs(asker.role, 'investigator');
  const rows = typeof params.rows === 'string' ? Math.min(MOST_ROWS, Number.parseInt(params.rows, 10) || 0) : 0;
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/incidents">Incidents</AppLink>
        {edited ? (
          <>
            {' '}
            / <AppLink href={`/incidents/${edited.id}`}>#{edited.number}</AppLink>
          </>
        ) : null}
      </p>
      <PageHeader title={edited ? `Scope of incident #${edited.number}` : 'Investigate'}>
        Say what went wrong, and see what it went into. This address shows the same to whoever opens it; nothing is kept
        until an incident is opened.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel
          title="What is it about?"
          id="editor"
          note="Values are compared whole, byte for byte. Rows left empty count for nothing."
        >
          <form id={FORM} action="/incidents/new" method="get" className="flex flex-col gap-4">
            {edited ? <input type="hidden" name="incident" value={edited.id} /> : null}
            <ScopeFields form={form} rows={rows} />
            <p className="flex flex-wrap items-center gap-3">
              <button type="submit" className="button button-accent">
                Preview
              </button>
              <LivePreview formId={FORM} />
            </p>
          </form>
        </Panel>
        {read.state === 'scope' ? (
          <>
            <PreviewPanel database={database} scope={read.scope} />
            {edited ? (
              <EditScopeForm incident={edited} scope={read.scope} canAct={canAct} />
            ) : (
              <OpenForm scope={read.scope} owners={owners} canAct={canAct} />
            )}
          </>
        ) : (
          <div className="panel" role={read.state === 'wrong' ? 'alert' : undefined}>
            {read.state === 'wrong' ? (
              <Empty title="This scope cannot be worked out">{read.problem}</Empty>
            ) : (
              <Empty title="Nothing is named yet">
                Name a data set, a commit, an identity or whatever else went wrong. The pages of data sets, identities,
                artifacts, models, events and logs lead here with it filled in.
              </Empty>
            )}
          </div>
        )}
      </div>
    </>
  );
});

async function PreviewPanel({ database, scope }: { database: OpenDatabase; scope: Scope }) {
  const preview: Preview = await previewScope(database, { scope, limit: SHOWN });
  const nodes = readPathNodes(
    database,
    preview.artifacts.map(({ path }) => path),
  );
  const { counts, artifacts } = preview;
  return (
    <Panel
      title="What it reaches"
      id="preview"
      flush
      aside={formatPlural(counts.total, 'artifact')}
      note={`${describeScope(scope)}.`}
    >
      <div className="border-b border-line p-3">
        <TierCounts tiers={counts.tiers} deployed={counts.deployed} />
      </div>
      {artifacts.length === 0 ? (
        <Empty title="Nothing known here was made from it">
          That holds for what Modeltrail has seen. Check the spelling, try another name or digest of the same thing, or
          open the incident all the same: what comes in later joins it.
        </Empty>
      ) : (
        <PreviewTable artifacts={artifacts} nodes={nodes} />
      )}
      {counts.total > artifacts.length ? (
        <p className="border-t border-line px-4 py-2 text-muted">
          The first {artifacts.length} of {counts.total}. An incident lists all of them.
        </p>
      ) : null}
    </Panel>
  );
}
