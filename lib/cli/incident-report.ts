import { describeScope } from '#lib/provenance/describe-scope.ts';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { DECISION, INCIDENT_STATE, SEVERITY, TIER } from '#lib/provenance/incident-words.ts';
import type { PathStep, Tier } from '#lib/provenance/scope.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';
import type { IncidentArtifact } from '#lib/services/incident/list-artifacts.ts';
import { print, printFacts } from './output.ts';

/** An incident as rows of a label and its value. */
export function printIncident(incident: IncidentDetail): void {
  const { number, id, title, state, severity, owner, scope, counts, notice, resolution, evaluatedAt } = incident;
  print(`#${number} ${title}`);
  printFacts([
    ['Id', id],
    ['State', `${INCIDENT_STATE[state].word}, severity ${SEVERITY[severity].word.toLowerCase()}`],
    ['Owner', owner ?? 'nobody'],
    ['About', describeScope(scope)],
    ['Reaches', describeTiers(counts.tiers, counts.deployed)],
    ['Decided', `${counts.affected} affected, ${counts.cleared} cleared, ${counts.undecided} undecided`],
    ['Worked out', formatUtc(evaluatedAt)],
    ['Told in public', notice ?? 'nothing'],
    ...(resolution === null ? [] : [['Resolution', resolution] as const]),
  ]);
}

/** `4 artifacts: 2 proven, 2 declared; 1 running`. */
export function describeTiers(tiers: Readonly<Record<Tier, number>>, deployed: number): string {
  const parts = (Object.keys(TIER) as Tier[]).filter((tier) => tiers[tier] > 0);
  const total = parts.reduce((sum, tier) => sum + tiers[tier], 0);
  if (total === 0) return 'nothing known here';
  const said = parts.map((tier) => `${tiers[tier]} ${TIER[tier].word.toLowerCase()}`).join(', ');
  return `${formatPlural(total, 'artifact')}: ${said}; ${deployed} running`;
}

type Listed = Pick<IncidentArtifact, 'artifactId' | 'tier' | 'path' | 'node' | 'deployments'> &
  Partial<Pick<IncidentArtifact, 'decision'>>;

/** Artifacts one a line, each with the sentence that put it there. */
export function printArtifacts(artifacts: readonly Listed[]): void {
  for (const { artifactId, tier, path, node, deployments, decision } of artifacts) {
    const name = node?.model?.name ?? node?.name ?? 'without a name';
    const label = node?.model?.label ?? node?.value.slice(0, 16) ?? '';
    const runs = deployments.map(({ environment, service }) => `${environment}/${service}`).join(', ');
    const decided = decision == null ? '' : `, ${DECISION[decision].word.toLowerCase()}`;
    print(
      `${artifactId}  ${name} ${label}  ${TIER[tier].word.toLowerCase()}${decided}${runs === '' ? '' : `  runs at ${runs}`}`,
    );
    print(`    ${reasonOf(path)}`);
  }
}

function reasonOf(path: readonly PathStep[]): string {
  const last = path.at(-1);
  return last ? `${last.because}${last.proofs.length === 0 ? '' : ` (${last.proofs.join(', ')})`}` : '';
}
