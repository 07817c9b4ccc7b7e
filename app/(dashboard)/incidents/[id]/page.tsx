import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import { TIERS } from '#db/schema/incident.ts';
import { describeScope } from '#lib/provenance/describe-scope.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { INCIDENT_STATE, SEVERITY } from '#lib/provenance/incident-words.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { getIncident, type IncidentDetail } from '#lib/services/incident/get.ts';
import { type ArtifactPlace, listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { listIncidentAudit } from '#lib/services/incident/list-audit.ts';
import { listOwners } from '#lib/services/incident/list-owners.ts';
import { readPathNodes } from '#lib/services/incident/path-nodes.ts';
import { ArtifactsPanel } from '../../../_incidents/artifacts-panel.tsx';
import { LinkedEvents } from '../../../_incidents/linked-events.tsx';
import { NoticePanel } from '../../../_incidents/notice-panel.tsx';
import { PlainText } from '../../../_incidents/plain-text.tsx';
import { formOfScope, scopeFormUrl } from '../../../_incidents/scope-form.ts';
import { StatePanel } from '../../../_incidents/state-panel.tsx';
import { TrailPanel } from '../../../_incidents/trail-panel.tsx';
import { whoAsks } from '../../../_server/asker.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { PageHeader } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Time } from '../../../_ui/time.tsx';
import { Value } from '../../../_ui/value.tsx';

const PAGE_SIZE = 50;
const TRAIL_SIZE = 30;
const TRAIL_ALL = 1000;

const parsers = {
  tier: parseAsStringLiteral(TIERS),
  decision: parseAsStringLiteral(['affected', 'cleared', 'undecided', 'left']),
  /** Where the list goes on: `rank.id` of the artifact before. */
  after: parseAsString,
  trail: parseAsStringLiteral(['all']),
};
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Incident ${(await params).id.slice(0, 40)}` };
}

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const id = (await params).id;
  const query = loadQuery(await searchParams);
  const incident = id.length > 100 ? null : await getIncident(database, id);
  if (!incident) notFound();
  const { tier, decision } = query;
  const filter = {
    tier: tier ?? undefined,
    ...(decision === 'left' ? { left: true } : { decision: decision ?? undefined }),
  };
  const [page, trail, owners, asker] = await Promise.all([
    listIncidentArtifacts(database, { id: incident.id, filter, after: readPlace(query.after), limit: PAGE_SIZE }),
    listIncidentAudit(database, { id: incident.id, limit: query.trail === 'all' ? TRAIL_ALL : TRAIL_SIZE }),
    listOwners(database),
    whoAsks(await headers()),
  ]);
  const canAct = asker !== null && mayActAs(asker.role, 'investigator');
  const nodes = readPathNodes(
    database,
    page.artifacts.map(({ path }) => path),
  );
  const urlOf = (changed: Partial<typeof query>) =>
    serialize(`/incidents/${incident.id}`, { ...query, after: null, ...changed });
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/incidents">Incidents</AppLink>
      </p>
      <PageHeader
        title={
          <>
            #{incident.number} <Value value={incident.title} limit={220} isText />
          </>
        }
        marks={
          <span className="flex flex-wrap gap-x-4">
            <StateMark state={INCIDENT_STATE[incident.state]} />
            <span className="inline-flex gap-1.5">
              <span className="text-muted">Severity</span>
              <StateMark state={SEVERITY[incident.severity]} />
            </span>
          </span>
        }
      >
        Opened <Time at={incident.openedAt} />,{' '}
        {incident.owner !== null
          ? `owned by ${incident.owner}`
          : incident.state === 'closed'
            ? 'owned by nobody'
            : 'owned by nobody yet'}
        .
      </PageHeader>
      <div className="flex flex-col gap-8">
        <InWords incident={incident} canAct={canAct} />
        <ArtifactsPanel incident={incident} page={page} nodes={nodes} query={query} urlOf={urlOf} canAct={canAct} />
        <div className="grid items-start gap-x-6 gap-y-8 xl:grid-cols-2">
          <StatePanel incident={incident} owners={owners} canAct={canAct} />
          <NoticePanel incident={incident} canAct={canAct} />
        </div>
        <LinkedEvents incident={incident} canAct={canAct} />
        <TrailPanel
          incident={incident}
          entries={trail.entries}
          fault={trail.fault}
          allUrl={query.trail === null ? `${urlOf({ trail: 'all' })}#trail` : null}
          isWhole={trail.entries.length < TRAIL_SIZE}
          canAct={canAct}
        />
      </div>
    </>
  );
});

function readPlace(text: string | null): ArtifactPlace | undefined {
  const [, rank, artifactId] = /^(\d{1,2})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return rank === undefined || artifactId === undefined
    ? undefined
    : { rank: Number(rank), artifactId: Number(artifactId) };
}

/** What it is about, how that is known, what now; and where to go on. */
function InWords({ incident, canAct }: { incident: IncidentDetail; canAct: boolean }) {
  const { counts, scope, state, evaluatedAt, resolution } = incident;
  const form = formOfScope(scope);
  return (
    <section aria-label="In words" className="panel border-l-4 border-l-accent px-4 py-3 leading-6">
      <p className="max-w-[110ch] wrap-anywhere">
        <span className="font-medium">What it is about: </span>
        {describeScope(scope)}.
      </p>
      <p className="max-w-[110ch]">
        {inNumbers(counts)} Worked out <Time at={evaluatedAt} />.
      </p>
      {resolution === null ? null : (
        <div className="max-w-[110ch]">
          <span className="font-medium">What came of it: </span>
          <PlainText text={resolution} />
        </div>
      )}
      <p className="max-w-[110ch] text-muted">
        <span className="font-medium text-ink">What now: </span>
        {whatNow(incident)}
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4">
        {canAct && state !== 'closed' && form !== null ? (
          <AppLink href={scopeFormUrl(form, { incident: incident.id })}>Edit the scope</AppLink>
        ) : null}
        {canAct && state !== 'closed' && form === null ? (
          <span className="text-muted">The scope is deeper than the form shows: edit it by the API.</span>
        ) : null}
        {canAct ? (
          <a href={`/incidents/${incident.id}/archive`} className="link">
            Export the evidence
          </a>
        ) : null}
        <a href={`/incidents/${incident.id}/report`} className="link">
          Read the report, ready for print
        </a>
      </p>
    </section>
  );
}

function inNumbers({ total, deployed, affected, cleared, undecided }: IncidentDetail['counts']): string {
  if (total === 0) return 'Nothing that Modeltrail has seen is part of it.';
  const parts = `${formatPlural(total, 'artifact')} ${total === 1 ? 'is' : 'are'} part of it`;
  const running =
    deployed === 0 ? 'none of which is registered as running' : `${formatCount(deployed)} running somewhere`;
  const decided = `${formatCount(affected)} decided to be affected, ${formatCount(cleared)} cleared, ${formatCount(undecided)} undecided`;
  return `${parts}, ${running}; ${decided}.`;
}

function whatNow({ state, counts, notice, owner }: IncidentDetail): string {
  if (state === 'closed') {
    return counts.affected > 0
      ? 'Nothing, unless it turns up again: what was decided to be affected stays refused.'
      : 'Nothing, unless it turns up again. Nothing is refused by it.';
  }
  const parts = [
    owner === null ? 'say who looks after it' : '',
    counts.deployed > 0 ? 'stop or replace what runs' : '',
    counts.undecided > 0 ? 'decide what is affected' : '',
    notice === null ? 'word what consumers are told' : '',
  ].filter((part) => part !== '');
  const [first, ...rest] = parts;
  if (first === undefined) return 'Close it once what is affected is out of use.';
  const said = [first.replace(/^./, (letter) => letter.toUpperCase()), ...rest];
  if (counts.total === 0) return `${said.join(', then ')}. What comes in later joins by itself.`;
  return `${said.join(', then ')}. Until somebody decides, what is proven, descends from it or declares it is refused.`;
}
