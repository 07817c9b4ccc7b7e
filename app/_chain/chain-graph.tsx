import type { ChainNode } from '#lib/provenance/chain.ts';
import {
  type Box,
  type ChainLayout,
  curveThrough,
  layOutChain,
  type PlacedEdge,
} from '#lib/provenance/chain-layout.ts';
import type { ChainStack, ChainView } from '#lib/provenance/chain-view.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { LINK, SIGNATURE } from '#lib/provenance/state.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { ChainLegend } from './chain-legend.tsx';
import { EDGE_CLASSES } from './edge-classes.ts';
import { nodeName, nodeUrl } from './node-name.ts';
import { KIND_WORDS, ROLE_LABELS } from './words.ts';

interface Props {
  readonly view: ChainView;
  readonly focusId: number;
  /** The address of this page with the inputs of these things open. */
  readonly urlWith: (opened: ReadonlySet<number>) => string;
}

/**
 * What a thing was made from, from left to right, as a picture that needs no script: every box is a link. It scrolls by
 * itself and stands at its right end, where the thing itself is.
 */
export function ChainGraph({ view, focusId, urlWith }: Props) {
  const layout = layOutChain(view);
  const byId = new Map(view.nodes.map((node) => [node.id, node]));
  return (
    <>
      <section
        aria-label="Picture of the chain"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        dir="rtl"
        className="overflow-x-auto -outline-offset-2 pb-2"
      >
        <Picture layout={layout}>
          {layout.edges.map((placed) => (
            <EdgeLine key={placed.edge.id} placed={placed} isWay={view.way.has(placed.edge.id)} />
          ))}
          {layout.stacks.map(({ stack, points }) => (
            <path key={stack.childId} d={curveThrough(points)} fill="none" stroke="var(--edge)" strokeDasharray="1 4" />
          ))}
          {layout.edges.map((placed) => (
            <EdgeLabel key={placed.edge.id} placed={placed} />
          ))}
          {layout.nodes.map(({ id, box }) => {
            const node = byId.get(id);
            if (!node) return null;
            const closed = view.opened.has(id) ? new Set([...view.opened].filter((one) => one !== id)) : null;
            return (
              <NodeBox key={id} node={node} box={box} isFocus={id === focusId} closeUrl={closed && urlWith(closed)} />
            );
          })}
          {layout.stacks.map(({ stack, box }) => (
            <StackBox
              key={stack.childId}
              stack={stack}
              box={box}
              child={byId.get(stack.childId)}
              href={urlWith(new Set([...view.opened, stack.childId]))}
            />
          ))}
        </Picture>
      </section>
      <ChainLegend edges={view.edges} />
    </>
  );
}

function Picture({ layout, children }: { layout: ChainLayout; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand within a picture
    <svg
      width={layout.width}
      height={layout.height}
      role="group"
      aria-label="Inputs stand left of what was made from them"
      direction="ltr"
      className="block"
    >
      <defs>
        <marker
          id="made"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerUnits="userSpaceOnUse"
          markerWidth="8"
          markerHeight="8"
          orient="auto-start-reverse"
        >
          <path d="M0 0L8 4L0 8z" fill="var(--edge)" />
        </marker>
      </defs>
      {children}
    </svg>
  );
}

function EdgeLine({ placed: { edge, points }, isWay }: { placed: PlacedEdge; isWay: boolean }) {
  return (
    <path
      d={curveThrough(points)}
      fill="none"
      markerEnd="url(#made)"
      strokeWidth={isWay ? 2.6 : 1.5}
      className={EDGE_CLASSES[edge.state]}
    />
  );
}

/** The role, and what is wrong in words: a line's colour and dashes never stand alone. */
function EdgeLabel({ placed: { edge, label } }: { placed: PlacedEdge }) {
  const { state, role, reason } = edge;
  const isGood = state === 'verified';
  return (
    <g className="text-[0.6875rem]">
      <title>{reason}</title>
      <rect
        x={label.x - 50}
        y={label.y - (isGood ? 8 : 15)}
        width="100"
        height={isGood ? 16 : 30}
        rx="3"
        fill="var(--surface)"
      />
      <text x={label.x} y={label.y + (isGood ? 4 : -3)} textAnchor="middle" className="fill-muted">
        {ROLE_LABELS[role]}
      </text>
      {isGood ? null : (
        <text x={label.x} y={label.y + 10} textAnchor="middle" className={`font-medium ${FILLS[LINK[state].tone]}`}>
          {LINK[state].word}
        </text>
      )}
    </g>
  );
}

const FILLS = {
  proven: 'fill-proven',
  claimed: 'fill-claimed',
  broken: 'fill-broken',
  unknown: 'fill-unknown',
} as const;

function NodeBox({
  node,
  box,
  isFocus,
  closeUrl,
}: {
  node: ChainNode;
  box: Box;
  isFocus: boolean;
  closeUrl: string | null;
}) {
  const name = nodeName(node);
  const about = [KIND_WORDS[node.kind], node.model?.label].filter((part) => part != null).join(' ');
  return (
    <foreignObject {...box}>
      <div className={`chain-box ${isFocus ? 'border-accent! bg-accent-tint!' : ''}`}>
        <AppLink
          href={nodeUrl(node)}
          className="chain-link"
          aria-current={isFocus ? 'true' : undefined}
          title={`${elideMiddle(showText(name), 500)}\n${node.signatureReason}`}
        >
          <bdi className="block truncate font-medium">{elideMiddle(showText(name), 80)}</bdi>
          <bdi className="block truncate text-muted">{elideMiddle(showText(about), 60)}</bdi>
          <StateMark state={SIGNATURE[node.signature]} className="text-[0.75rem]" />
        </AppLink>
        {closeUrl === null ? null : (
          <AppLink
            href={closeUrl}
            scroll={false}
            className="chain-close"
            aria-label={`Close the inputs of ${showText(name).slice(0, 80)}`}
          >
            −
          </AppLink>
        )}
      </div>
    </foreignObject>
  );
}

function StackBox({
  stack,
  box,
  child,
  href,
}: {
  stack: ChainStack;
  box: Box;
  child: ChainNode | undefined;
  href: string;
}) {
  const states = stack.states.map(({ state, count }) => `${count} ${LINK[state].word.toLowerCase()}`).join(', ');
  return (
    <foreignObject {...box}>
      <div className="chain-box border-dashed!">
        <AppLink href={href} scroll={false} className="chain-link" title={states}>
          <span className="block font-medium">
            + {formatPlural(stack.count, 'input')}
            <span className="sr-only"> of {child ? showText(nodeName(child)).slice(0, 80) : 'it'}: show them</span>
          </span>
          <span className="block truncate text-muted">{states}</span>
          <span className="flex items-center gap-1 text-muted">
            weakest <StateMark state={LINK[stack.weakest]} className="text-[0.75rem]" />
          </span>
        </AppLink>
      </div>
    </foreignObject>
  );
}
