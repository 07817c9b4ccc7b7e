import type { AttestationFacts } from '#lib/attestation/facts.ts';
import { repositoryOf } from '#lib/attestation/source-code.ts';
import type { ExtensionFact } from '#lib/watch/certificate.ts';
import type { Criterion } from './scope.ts';

export type BuildCriterion = Extract<Criterion, { kind: 'commit' | 'repository' | 'workflow' | 'builder' }>;

/** Fulcio's extensions that say what each criterion is about (lib/watch/fulcio-extensions.ts). */
const COMMITS = ['source-repository-digest', 'github-workflow-sha', 'build-signer-digest', 'build-config-digest'];
const REPOSITORIES = ['source-repository-uri', 'github-workflow-repository'];
const WORKFLOWS = ['build-signer-uri', 'build-config-uri'];
const BUILDERS = ['build-signer-uri', 'runner-environment'];

/** The text that a certificate or facts must contain to meet the criterion: for finding candidates. */
export function wantedText(criterion: BuildCriterion): string {
  switch (criterion.kind) {
    case 'commit':
      return criterion.commit.toLowerCase();
    case 'repository':
      return pathOf(repositoryOf(criterion.repository));
    case 'workflow':
      return pathOf(criterion.workflow);
    case 'builder':
      return criterion.builder;
  }
}

/** The extension of a certificate that meets the criterion; null where none does. */
export function certifiedBy(criterion: BuildCriterion, extensions: readonly ExtensionFact[]): ExtensionFact | null {
  const among = (names: readonly string[], isMet: (value: string) => boolean) =>
    extensions.find(({ name, value }) => name !== null && names.includes(name) && isMet(value)) ?? null;
  switch (criterion.kind) {
    case 'commit':
      return among(COMMITS, (value) => value.toLowerCase().startsWith(criterion.commit.toLowerCase()));
    case 'repository':
      return (
        among(REPOSITORIES, (value) => isRepository(criterion.repository, value)) ??
        among(WORKFLOWS, (value) => isWithin(criterion.repository, value))
      );
    case 'workflow':
      return among(WORKFLOWS, (value) => isWorkflow(criterion.workflow, value));
    case 'builder':
      return among(BUILDERS, (value) => value === criterion.builder);
  }
}

type BuildFacts = Pick<AttestationFacts, 'builder' | 'repository' | 'commit' | 'entryPoint'>;

/** The value in an attestation's facts that meets the criterion; null where none does. */
export function statedBy(criterion: BuildCriterion, facts: BuildFacts): string | null {
  const { builder, repository, commit, entryPoint } = facts;
  switch (criterion.kind) {
    case 'commit':
      return commit?.value.startsWith(criterion.commit.toLowerCase()) ? commit.value : null;
    case 'repository':
      return repository && isRepository(criterion.repository, repository.value) ? repository.value : null;
    case 'workflow': {
      const built = builder && isWorkflow(criterion.workflow, builder.value) ? builder.value : null;
      const file = repository && entryPoint ? `${repositoryOf(repository.value)}/${entryPoint.value}` : null;
      return built ?? (file !== null && isWorkflow(criterion.workflow, file) ? file : null);
    }
    case 'builder':
      return builder?.value === criterion.builder ? builder.value : null;
  }
}

/** Hosts, owners and names ignore case; `owner/name` alone is one of any host. */
export function isRepository(wanted: string, value: string): boolean {
  const repository = repositoryOf(wanted).toLowerCase();
  const found = repositoryOf(value).toLowerCase();
  return (
    repository === found ||
    (!(repository.includes('://') && found.includes('://')) && pathOf(repository) === pathOf(found))
  );
}

function isWithin(wanted: string, workflow: string): boolean {
  const at = workflow.indexOf('/.');
  return at > 0 && isRepository(wanted, workflow.slice(0, at).replace(/\/$/, ''));
}

/** With its ref where one is given; an address, or `owner/name/.github/workflows/release.yml` of any host. */
function isWorkflow(wanted: string, value: string): boolean {
  const candidates = [value, value.split('@', 1)[0] ?? ''];
  return candidates.some(
    (candidate) => candidate === wanted || (!wanted.includes('://') && pathOf(candidate) === wanted),
  );
}

/** An address without scheme and host. */
export function pathOf(address: string): string {
  return address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '');
}
