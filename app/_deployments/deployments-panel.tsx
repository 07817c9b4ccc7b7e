import type { OpenDatabase } from '#db/client.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { listDeployments } from '#lib/services/deployment/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { DeploymentsTable } from './deployments-table.tsx';

const SHOWN = 20;

/** Where versions of a model run; nothing where none is registered. */
export async function DeploymentsPanel({ database, modelId }: { database: OpenDatabase; modelId: string }) {
  const { deployments, next } = await listDeployments(database, { modelId, limit: SHOWN });
  if (deployments.length === 0) return null;
  return (
    <Panel
      title="Where it runs"
      id="deployments"
      flush
      aside={
        next === null ? (
          formatPlural(deployments.length, 'deployment')
        ) : (
          <AppLink href="/deployments">The latest {SHOWN}; see all deployments</AppLink>
        )
      }
    >
      <DeploymentsTable deployments={deployments} now={Date.now()} withModel={false} />
    </Panel>
  );
}
