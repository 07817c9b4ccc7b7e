import { LINK, NO_INPUTS, SIGNATURE, type State } from '#lib/provenance/state.ts';
import type { Deployment } from '#lib/services/deployment/read.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const REFUSED: State = { tone: 'broken', word: 'Refused', meaning: 'It runs, and should not.' };

interface Props {
  readonly deployments: readonly Deployment[];
  readonly now: number;
  /** On the page of a model its name need not stand in every row. */
  readonly withModel?: boolean;
}

/** What runs where, one a row: since when, and what speaks against it. */
export function DeploymentsTable({ deployments, now, withModel = true }: Props) {
  return (
    <ScrollArea label="Deployments, the latest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Environment and service</th>
            <th scope="col">{withModel ? 'Model version' : 'Version'}</th>
            <th scope="col">Since</th>
            <th scope="col">Confirmed</th>
            <th scope="col">Verdict</th>
            <th scope="col">Incidents</th>
          </tr>
        </thead>
        <tbody>
          {deployments.map((deployment) => (
            <Row key={deployment.id} deployment={deployment} now={now} withModel={withModel} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ deployment, now, withModel }: { deployment: Deployment; now: number; withModel: boolean }) {
  const { environment, service, startedAt, confirmedAt, endedAt, source } = deployment;
  return (
    <tr>
      <th scope="row" data-label="Where">
        <span className="flex flex-col">
          <Value value={service} limit={60} isText />
          <span className="font-normal text-muted">
            <Value value={environment} limit={60} isText />
          </span>
        </span>
      </th>
      <td data-label="Version">
        <What deployment={deployment} withModel={withModel} />
      </td>
      <td data-label="Since">
        <span className="flex flex-col">
          <Time at={startedAt} now={now} stacked />
          <span className="text-muted">
            <Value value={source} limit={40} isText />
          </span>
        </span>
      </td>
      <td data-label={endedAt === null ? 'Confirmed' : 'Ended'}>
        {endedAt === null ? (
          <Time at={confirmedAt} now={now} stacked />
        ) : (
          <span className="flex flex-col">
            <span className="text-muted">Ended</span>
            <Time at={endedAt} now={now} stacked />
          </span>
        )}
      </td>
      <td data-label="Verdict">
        <Judged deployment={deployment} />
      </td>
      <td data-label="Incidents">
        <Notices deployment={deployment} />
      </td>
    </tr>
  );
}

function What({ deployment: { versions, name, given }, withModel }: { deployment: Deployment; withModel: boolean }) {
  const [version] = versions;
  if (!version) {
    return (
      <span className="flex flex-col">
        <Value value={name ?? given} limit={30} isText={name !== null} />
        <span className="text-muted">No version with it is known yet.</span>
      </span>
    );
  }
  return (
    <span className="flex flex-col">
      <AppLink href={versionUrl(version.model.slug, version.id)}>
        {withModel ? <Value value={version.model.name} limit={50} isText /> : 'Version'}
        {version.label === null ? null : <Value value={` ${version.label}`} limit={40} isText />}
      </AppLink>
      <Value value={version.root} limit={16} isShort />
    </span>
  );
}

function Judged({ deployment: { verdict } }: { deployment: Deployment }) {
  const { signature, weakest, faults, refusals } = verdict;
  return (
    <span className="flex flex-col gap-1">
      {refusals.length > 0 ? <StateMark state={REFUSED} /> : null}
      <StateMark state={SIGNATURE[signature]} />
      <StateMark state={weakest === null ? NO_INPUTS : LINK[weakest]} />
      {faults.length > 0 ? (
        <span className="max-w-[44ch] text-muted">
          <Value value={faults.join(' ')} limit={300} isText />
        </span>
      ) : null}
    </span>
  );
}

function Notices({ deployment: { verdict } }: { deployment: Deployment }) {
  if (verdict.notices.length === 0) return <span className="text-muted">none</span>;
  return (
    <ul className="flex flex-col gap-1">
      {verdict.notices.map(({ incidentId, number, title, tier }) => (
        <li key={incidentId}>
          <AppLink href={`/incidents/${incidentId}`}>
            #{number} <Value value={title} limit={50} isText />
          </AppLink>{' '}
          <span className="text-muted">({tier === 'not-excluded' ? 'not excluded' : tier})</span>
        </li>
      ))}
    </ul>
  );
}
