import type { ChainNode } from '#lib/provenance/chain.ts';
import { TIER } from '#lib/provenance/incident-words.ts';
import type { PreviewedArtifact } from '#lib/services/incident/preview.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { ArtifactName, RunsAt } from './artifact-cells.tsx';
import { PathList } from './path-list.tsx';

interface Props {
  readonly artifacts: readonly PreviewedArtifact[];
  readonly nodes: ReadonlyMap<number, ChainNode>;
}

/** What a scope would reach, what runs first. */
export function PreviewTable({ artifacts, nodes }: Props) {
  return (
    <ScrollArea label="What the scope reaches" className="max-h-[44rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Artifact</th>
            <th scope="col">Runs at</th>
            <th scope="col">Tier</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {artifacts.map((artifact) => (
            <tr key={artifact.artifactId}>
              <th scope="row" data-label="Artifact">
                <ArtifactName id={artifact.artifactId} node={artifact.node} />
              </th>
              <td data-label="Runs at">
                <RunsAt deployments={artifact.deployments} />
              </td>
              <td data-label="Tier">
                <StateMark state={TIER[artifact.tier]} />
              </td>
              <td data-label="Why">
                <PathList path={artifact.path} nodes={nodes} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
