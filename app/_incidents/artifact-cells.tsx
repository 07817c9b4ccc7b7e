import type { ChainNode } from '#lib/provenance/chain.ts';
import { nodeName, nodeUrl } from '../_chain/node-name.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Value } from '../_ui/value.tsx';

/** Where something runs until that is said in a number. */
const PLACES = 3;

/** What an artifact is called, with the version or digest that tells it from others of its name. */
export function ArtifactName({ id, node }: { id: number; node: ChainNode | null }) {
  if (!node) return <span className="text-muted">artifact {id}</span>;
  return (
    <span className="lines">
      <AppLink href={nodeUrl(node)} className="link font-medium">
        <Value value={nodeName(node)} limit={48} />
      </AppLink>
      <span className="text-muted">
        {node.model?.label == null ? null : (
          <>
            <Value value={node.model.label} limit={20} isText />{' '}
          </>
        )}
        <Value value={node.value} limit={16} isShort />
      </span>
    </span>
  );
}

/** Environments and services, as they were registered. */
export function RunsAt({
  deployments,
}: {
  deployments: readonly { readonly environment: string; readonly service: string }[];
}) {
  if (deployments.length === 0) return <span className="text-muted">not registered</span>;
  return (
    <span className="lines">
      {deployments.slice(0, PLACES).map(({ environment, service }) => (
        <span key={`${environment} ${service}`} className="text-broken">
          <Value value={`${environment} / ${service}`} limit={40} isText />
        </span>
      ))}
      {deployments.length > PLACES ? <span className="text-muted">and {deployments.length - PLACES} more</span> : null}
    </span>
  );
}
