import type { ChainNode } from '#lib/provenance/chain.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { LINK } from '#lib/provenance/state.ts';
import { nodeName, nodeUrl } from '../_chain/node-name.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

interface Props {
  readonly path: readonly PathStep[];
  readonly nodes: ReadonlyMap<number, ChainNode>;
}

/** How something came into a scope: each step with who says so. The way stands open by its names, and unfolds with its proofs. */
export function PathList({ path, nodes }: Props) {
  if (path.length === 0) return null;
  return (
    <details>
      <summary className="wrap-anywhere">
        <Value
          value={path.map(({ artifactId }) => nameOf(nodes.get(artifactId), artifactId)).join(' → ')}
          limit={120}
        />{' '}
        <span className="whitespace-nowrap text-muted">
          {formatPlural(path.length, 'step')}, {formatPlural(path.flatMap(({ proofs }) => proofs).length, 'proof')}
        </span>
      </summary>
      <ol className="mt-1 ml-1 flex flex-col gap-1.5 border-l border-line pl-3">
        {path.map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one path never change places
          <li key={i} className="flex flex-col">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <StepName step={step} node={nodes.get(step.artifactId)} />
              {step.state === null ? null : <StateMark state={LINK[step.state]} />}
            </span>
            <span className="text-muted wrap-anywhere">{step.because}</span>
            {step.proofs.length === 0 ? null : (
              <span className="flex flex-wrap gap-x-2">
                {step.proofs.map((proof) => (
                  <Proof key={proof} proof={proof} />
                ))}
              </span>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

function nameOf(node: ChainNode | undefined, id: number): string {
  return node ? nodeName(node) : `artifact ${id}`;
}

function StepName({ step, node }: { step: PathStep; node: ChainNode | undefined }) {
  if (!node) return <span>artifact {step.artifactId}</span>;
  return (
    <AppLink href={nodeUrl(node)}>
      <Value value={nodeName(node)} limit={60} />
    </AppLink>
  );
}

function Proof({ proof }: { proof: string }) {
  const href = proof.startsWith('evt_')
    ? `/events/${encodeURIComponent(proof)}`
    : proof.startsWith('bdl_')
      ? `/api/v1/bundles/${encodeURIComponent(proof)}`
      : null;
  const shown = <Value value={proof} limit={32} isShort />;
  return href === null ? (
    shown
  ) : (
    <a href={href} className="link">
      {shown}
    </a>
  );
}
