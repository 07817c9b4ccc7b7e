import type { ChainEdge, ChainNode } from '#lib/provenance/chain.ts';
import { formatCount } from '#lib/provenance/format.ts';
import { LINK_BASIS, linkBasis } from '#lib/provenance/link-basis.ts';
import { LINK } from '#lib/provenance/state.ts';
import { nodeName, nodeUrl } from '../_chain/node-name.ts';
import { ROLE_LABELS } from '../_chain/words.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

interface Props {
  readonly uses: readonly ChainEdge[];
  readonly neighbours: readonly ChainNode[];
  readonly useCount: number;
}

/** What was made from a thing, and whether that is proven or only declared. */
export function UsesTable({ uses, neighbours, useCount }: Props) {
  const byId = new Map(neighbours.map((node) => [node.id, node]));
  const statements = uses.reduce((sum, { statements: all }) => sum + all.length, 0);
  return (
    <ScrollArea label="Table of its uses" className="max-h-[36rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Made from it</th>
            <th scope="col">As</th>
            <th scope="col">Link</th>
            <th scope="col">Said by</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {uses.map((edge) => (
            <Row key={`${edge.id} ${edge.childId}`} edge={edge} child={byId.get(edge.childId)} />
          ))}
        </tbody>
      </table>
      {useCount > statements ? (
        <p className="px-4 py-2 text-muted">
          {formatCount(statements)} of {formatCount(useCount)} statements that name it are shown.
        </p>
      ) : null}
    </ScrollArea>
  );
}

function Row({ edge, child }: { edge: ChainEdge; child: ChainNode | undefined }) {
  if (!child) return null;
  return (
    <tr>
      <th scope="row" data-label="Made">
        <AppLink href={nodeUrl(child)}>
          <Value value={nodeName(child)} limit={56} />
        </AppLink>{' '}
        {child.model?.label == null ? null : (
          <Value value={child.model.label} limit={24} isText className="text-muted" />
        )}
      </th>
      <td data-label="As">{ROLE_LABELS[edge.role]}</td>
      <td data-label="Link">
        <StateMark state={LINK[edge.state]} />
      </td>
      <td data-label="Said by">{LINK_BASIS[linkBasis(edge)]}</td>
      <td data-label="Why">
        <span className="block max-w-[60ch] text-muted wrap-anywhere">{edge.reason}</span>
      </td>
    </tr>
  );
}
