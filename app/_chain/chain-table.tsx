import type { Chain, ChainEdge, ChainNode, ChainStatement } from '#lib/provenance/chain.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { LINK, SIGNATURE } from '#lib/provenance/state.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { NoticeMarks } from '../_incidents/notices.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { MoreRows } from '../_ui/more-rows.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { nodeName, nodeUrl } from './node-name.ts';
import { KIND_WORDS, ROLE_LABELS } from './words.ts';

const STATEMENTS = 3;

/** Rows until somebody asks for all of them. */
const ROWS = 20;

interface Props {
  readonly chain: Chain;
  readonly way: ReadonlySet<number>;
  /** By artifact, what stands against using it. */
  readonly notices: ReadonlyMap<number, readonly UseNotice[]>;
  /** Where every link is listed; null where this is the place. */
  readonly allUrl: string | null;
}

/** The chain link by link: the way to the weakest first, then the weakest, then the nearest. */
export function ChainTable({ chain, way, notices, allUrl }: Props) {
  const byId = new Map(chain.nodes.map((node) => [node.id, node]));
  const distance = (edge: ChainEdge) => byId.get(edge.childId)?.distance ?? 0;
  const rank = (edge: ChainEdge) => (way.has(edge.id) ? -1 : LINK_STATES.length - LINK_STATES.indexOf(edge.state));
  const edges = [...chain.edges].sort((a, b) => rank(a) - rank(b) || distance(a) - distance(b) || a.id - b.id);
  const rows = allUrl === null ? edges : edges.slice(0, ROWS);
  return (
    <>
      <ScrollArea label="Links of the chain" className="max-h-[36rem]">
        <table className="table table-stack">
          <thead className="md:sticky md:top-0 md:z-1">
            <tr>
              <th scope="col">Input</th>
              <th scope="col">of</th>
              <th scope="col" className="md:min-w-44">
                Link
              </th>
              <th scope="col">Its own signature</th>
              <th scope="col">Stated by</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((edge) => (
              <Row
                key={edge.id}
                edge={edge}
                parent={byId.get(edge.parentId)}
                child={byId.get(edge.childId)}
                notices={notices}
              />
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {allUrl === null ? null : <MoreRows shown={rows.length} total={edges.length} what="links" href={allUrl} />}
    </>
  );
}

function Row({
  edge,
  parent,
  child,
  notices,
}: {
  edge: ChainEdge;
  parent: ChainNode | undefined;
  child: ChainNode | undefined;
  notices: Props['notices'];
}) {
  if (!parent || !child) return null;
  return (
    <tr>
      <th scope="row" data-label="Input">
        <span className="lines">
          <NodeLink node={parent} />
          <NoticeMarks notices={notices.get(parent.id)} />
          <span className="text-muted">
            {ROLE_LABELS[edge.role]}
            {parent.kind === 'model' || ROLE_LABELS[edge.role] === KIND_WORDS[parent.kind]
              ? null
              : `, ${KIND_WORDS[parent.kind]}`}
          </span>
        </span>
      </th>
      <td data-label="of">
        <NodeLink node={child} />
      </td>
      <td data-label="Link">
        <span className="lines max-w-[48ch]">
          <StateMark state={LINK[edge.state]} />
          <span className="text-muted wrap-anywhere">{edge.reason}</span>
        </span>
      </td>
      <td data-label="Signature">
        <span className="lines max-w-[40ch]">
          <StateMark state={SIGNATURE[parent.signature]} />
          {parent.signer ? <SignerLink san={parent.signer.san} issuer={parent.signer.issuer} limit={48} /> : null}
        </span>
      </td>
      <td data-label="Stated by">
        <ul className="flex flex-col gap-1 md:min-w-52">
          {edge.statements.slice(0, STATEMENTS).map((statement) => (
            <li key={statement.linkId}>
              <Statement statement={statement} />
            </li>
          ))}
          {edge.statements.length > STATEMENTS ? (
            <li className="text-muted">and {edge.statements.length - STATEMENTS} more</li>
          ) : null}
        </ul>
      </td>
    </tr>
  );
}

function NodeLink({ node }: { node: ChainNode }) {
  return (
    <span className="block min-w-0 md:min-w-32">
      <AppLink href={nodeUrl(node)}>
        <Value value={nodeName(node)} limit={48} />
      </AppLink>
      {node.model?.label == null ? null : (
        <>
          {' '}
          <Value value={node.model.label} limit={20} isText className="text-muted" />
        </>
      )}
    </span>
  );
}

function Statement({ statement: { declaration, eventId, signer, at } }: { statement: ChainStatement }) {
  const where = <Value value={at} limit={48} className="text-muted" />;
  if (declaration) {
    return (
      <span className="lines">
        <span>
          unsigned file <Value value={declaration.path} limit={40} />
        </span>
        {where}
      </span>
    );
  }
  return (
    <span className="lines">
      {signer === null ? 'a signed statement' : <Value value={signer.san} limit={48} />}
      <span className="min-w-0">
        {eventId === null ? null : (
          <>
            <AppLink href={`/events/${eventId}`}>event</AppLink> ·{' '}
          </>
        )}
        {where}
      </span>
    </span>
  );
}
