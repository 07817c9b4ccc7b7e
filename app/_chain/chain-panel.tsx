import type { Chain } from '#lib/provenance/chain.ts';
import { completenessSentence } from '#lib/provenance/chain-sentence.ts';
import { viewChain } from '#lib/provenance/chain-view.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import type { Verdict } from '#lib/services/graph/list-verdicts.ts';
import { NoticeMarks } from '../_incidents/notices.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { Value } from '../_ui/value.tsx';
import { ChainGraph } from './chain-graph.tsx';
import { ChainTable } from './chain-table.tsx';
import { nodeName, nodeUrl } from './node-name.ts';
import { VerdictHistory } from './verdict-history.tsx';

interface Props {
  readonly chain: Chain | null;
  readonly verdicts: readonly Verdict[];
  readonly opened: ReadonlySet<number>;
  /** By artifact, what stands against using it. */
  readonly notices: ReadonlyMap<number, readonly UseNotice[]>;
  readonly urlWith: (opened: ReadonlySet<number>) => string;
  /** Where every link is listed; null where this is the place. */
  readonly allUrl: string | null;
}

/** Where a thing comes from: the picture, the same as a table, and every verdict there was. */
export function ChainPanel({ chain, verdicts, opened, notices, urlWith, allUrl }: Props) {
  if (!chain || chain.edges.length === 0) {
    return (
      <Panel title="What it was made from" id="chain" flush>
        <Nothing>
          No statement and no card names an input. Bring provenance (SLSA, a bill of materials) signed by its builder,
          or the model’s card, and the chain is drawn here.
        </Nothing>
      </Panel>
    );
  }
  const view = viewChain(chain, opened);
  return (
    <>
      <Panel title="What it was made from" id="chain" aside={completenessSentence(chain)}>
        <ChainGraph view={view} focusId={chain.focusId} urlWith={urlWith} />
        {view.isFull ? (
          <p className="mt-2 text-muted">More does not fit into one picture: the table has every link.</p>
        ) : null}
        <RefusedInputs chain={chain} notices={notices} />
        {chain.omitted > 0 ? (
          <p className="mt-2 text-muted">
            {formatPlural(chain.omitted, 'thing')} further upstream {chain.omitted === 1 ? 'is' : 'are'} not read here;
            their links count in the verdict all the same.
          </p>
        ) : null}
      </Panel>
      <Panel title="The same as a table" id="links" flush aside={formatPlural(chain.edges.length, 'link')}>
        <ChainTable chain={chain} way={view.way} notices={notices} allUrl={allUrl} />
      </Panel>
      {verdicts.length > 0 ? (
        <Panel title="Verdicts there were" id="verdicts" flush aside={formatPlural(verdicts.length, 'verdict')}>
          <VerdictHistory verdicts={verdicts} />
        </Panel>
      ) : null}
    </>
  );
}

/** Things upstream that are part of an incident or retracted: the picture shows them, and these are their names. */
function RefusedInputs({ chain, notices }: { chain: Chain; notices: Props['notices'] }) {
  const marked = chain.nodes.filter(({ id }) => id !== chain.focusId && notices.has(id));
  if (marked.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-1">
      {marked.map((node) => (
        <li key={node.id} className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-muted">Upstream:</span>
          <AppLink href={nodeUrl(node)}>
            <Value value={nodeName(node)} limit={60} />
          </AppLink>
          <NoticeMarks notices={notices.get(node.id)} />
        </li>
      ))}
    </ul>
  );
}
