import type { ChainNode } from '#lib/provenance/chain.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { DECISION, TIER, UNDECIDED } from '#lib/provenance/incident-words.ts';
import type { Tier } from '#lib/provenance/scope.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';
import type { IncidentArtifact, IncidentArtifactPage } from '#lib/services/incident/list-artifacts.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Empty, Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { ArtifactName, RunsAt } from './artifact-cells.tsx';
import { DecideBar } from './decide-bar.tsx';
import { PathList } from './path-list.tsx';
import { TierCounts } from './tier-counts.tsx';

type Shown = 'affected' | 'cleared' | 'undecided' | 'left';

interface Query {
  readonly tier: Tier | null;
  readonly decision: Shown | null;
  readonly after: string | null;
}

interface Props {
  readonly incident: IncidentDetail;
  readonly page: IncidentArtifactPage;
  readonly nodes: ReadonlyMap<number, ChainNode>;
  readonly query: Query;
  readonly urlOf: (changed: Partial<Query>) => string;
  readonly canAct: boolean;
}

/** What an incident reaches, what runs first, with the way there and what was decided. */
export function ArtifactsPanel({ incident, page, nodes, query, urlOf, canAct }: Props) {
  const { counts } = incident;
  const isShort = query.tier !== null || query.decision !== null;
  const table = <ArtifactsTable artifacts={page.artifacts} nodes={nodes} canAct={canAct} />;
  return (
    <Panel title="What it reaches" id="artifacts" flush aside={formatPlural(counts.total, 'artifact')}>
      <div className="flex flex-col gap-3 border-b border-line p-3">
        <TierCounts
          tiers={counts.tiers}
          deployed={counts.deployed}
          chosen={query.tier}
          urlOf={(tier) => `${urlOf({ tier: query.tier === tier ? null : tier })}#artifacts`}
        />
        <Decisions incident={incident} query={query} urlOf={urlOf} />
      </div>
      {page.artifacts.length === 0 ? (
        <Empty title={isShort || query.after !== null ? 'Nothing of it is so' : 'Nothing known here is reached'}>
          {isShort || query.after !== null ? (
            <AppLink href={urlOf({ tier: null, decision: null, after: null })}>Show all that it reaches</AppLink>
          ) : (
            'That holds for what Modeltrail has seen. What comes in later joins by itself, and raises an alert.'
          )}
        </Empty>
      ) : canAct ? (
        <form action={`/incidents/${incident.id}/decide`} method="post">
          <DecideBar incident={incident} tier={query.tier} />
          {table}
        </form>
      ) : (
        table
      )}
      {page.next === null ? null : (
        <p className="border-t border-line px-4 py-2">
          <AppLink href={`${urlOf({ after: `${page.next.rank}.${page.next.artifactId}` })}#artifacts`}>
            The next ones
          </AppLink>
        </p>
      )}
    </Panel>
  );
}

const WORDS: Readonly<Record<Shown, string>> = {
  undecided: 'undecided',
  affected: 'affected',
  cleared: 'cleared',
  left: 'reached no more',
};

function Decisions({ incident: { counts }, query, urlOf }: Pick<Props, 'incident' | 'query' | 'urlOf'>) {
  const links = (['undecided', 'affected', 'cleared', 'left'] as const).map((decision) => {
    const count = decision === 'left' ? '' : ` (${formatCount(counts[decision])})`;
    const isHere = query.decision === decision;
    return (
      <AppLink
        key={decision}
        href={`${urlOf({ decision: isHere ? null : decision })}#artifacts`}
        aria-current={isHere ? 'true' : undefined}
        className={isHere ? 'rounded bg-accent-tint px-1.5 font-medium text-accent' : 'link'}
      >
        {WORDS[decision]}
        {count}
      </AppLink>
    );
  });
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      <span className="text-muted">Only:</span>
      {links}
    </p>
  );
}

type TableProps = Pick<Props, 'nodes' | 'canAct'> & { readonly artifacts: readonly IncidentArtifact[] };

function ArtifactsTable({ artifacts, nodes, canAct }: TableProps) {
  return (
    <ScrollArea label="What the incident reaches">
      <table className="table table-stack">
        <thead>
          <tr>
            {canAct ? <th scope="col">Tick</th> : null}
            <th scope="col">Artifact</th>
            <th scope="col">Runs at</th>
            <th scope="col">Tier</th>
            <th scope="col">Why</th>
            <th scope="col">Decision</th>
          </tr>
        </thead>
        <tbody>
          {artifacts.map((artifact) => (
            <Row key={artifact.artifactId} artifact={artifact} nodes={nodes} canAct={canAct} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ artifact, nodes, canAct }: Pick<TableProps, 'nodes' | 'canAct'> & { artifact: IncidentArtifact }) {
  const { artifactId, node, tier, path, joined, addedAt, leftAt, deployments } = artifact;
  const name = node?.model?.name ?? node?.name ?? `artifact ${artifactId}`;
  return (
    <tr>
      {canAct ? (
        <td data-label="Tick">
          <input
            type="checkbox"
            name="artifact"
            value={artifactId}
            aria-label={`Tick ${name}`}
            className="size-5 accent-accent"
          />
        </td>
      ) : null}
      <th scope="row" data-label="Artifact">
        <span className="lines">
          <ArtifactName id={artifactId} node={node} />
          {joined ? (
            <span className="text-claimed">
              joined <Time at={addedAt} />
            </span>
          ) : null}
          {leftAt === null ? null : (
            <span className="text-muted">
              reached no more since <Time at={leftAt} />
            </span>
          )}
        </span>
      </th>
      <td data-label="Runs at">
        <RunsAt deployments={deployments} />
      </td>
      <td data-label="Tier">
        <StateMark state={TIER[tier]} />
      </td>
      <td data-label="Why" className="max-w-[52ch]">
        <PathList path={path} nodes={nodes} />
      </td>
      <td data-label="Decision">
        <DecisionCell artifact={artifact} name={name} canAct={canAct} />
      </td>
    </tr>
  );
}

function DecisionCell({ artifact, name, canAct }: { artifact: IncidentArtifact; name: string; canAct: boolean }) {
  const { artifactId, decision, decidedAt, decisionReason } = artifact;
  return (
    <span className="lines gap-1">
      <StateMark state={decision === null ? UNDECIDED : DECISION[decision]} />
      {decisionReason === null ? null : (
        <span className="max-w-[40ch] text-muted">
          <Value value={decisionReason} limit={160} isText />
          {decidedAt === null ? null : (
            <>
              {' '}
              (<Time at={decidedAt} />)
            </>
          )}
        </span>
      )}
      {canAct ? (
        <span className="flex flex-wrap gap-1.5">
          {decision === 'affected' ? null : (
            <button
              type="submit"
              name="one"
              value={`${artifactId} affected`}
              className="button"
              aria-label={`${name} is affected`}
            >
              Affected
            </button>
          )}
          {decision === 'cleared' ? null : (
            <button
              type="submit"
              name="one"
              value={`${artifactId} cleared`}
              className="button"
              aria-label={`Clear ${name}`}
            >
              Clear
            </button>
          )}
        </span>
      ) : null}
    </span>
  );
}
