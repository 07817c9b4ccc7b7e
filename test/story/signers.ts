/** Who signs in the story: the organisations by role, each with the watch rule of modeltrail.yaml that its identity meets. */
import { createHash } from 'node:crypto';
import type { Stack, TokenRequest } from './stack.ts';

export interface Signer {
  readonly san: string;
  readonly sanType: 'email' | 'uri';
  readonly issuer: string;
  /** Name of the rule in modeltrail.yaml; null for one whom nobody watches. */
  readonly rule: string | null;
  readonly token: TokenRequest;
  /** What a pipeline's certificate says of its run; null for mailboxes. */
  readonly run: Run | null;
}

/** The facts of a run that the certificate carries (extensions .12, .13, .14 and .21), for provenance to repeat. */
export interface Run {
  readonly repository: string;
  readonly commit: string;
  readonly ref: string;
  readonly path: string;
  readonly invocation: string;
}

/** Rule names, in the order of modeltrail.yaml. */
export const RULES = {
  deploy: 'Deployment workflows',
  bot: 'Release bot',
  base: 'Northwind base releases',
  vision: 'Vision Lab pipeline',
  visionMail: 'Vision Lab mailboxes',
  adapters: 'Adapter publisher',
  index: 'Retrieval index mailbox',
  data: 'Port Data releases',
  evaluator: 'Independent evaluator',
} as const;

/** A: the base model's release workflow at a version tag. */
export function baseRelease(stack: Stack, version: string, runId: number): Signer {
  return github(stack, RULES.base, 'foundation-models-example/northwind', 'release.yml', version, runId, 'release');
}

/** B: the fine-tune's pipeline on the default branch. */
export function visionPipeline(stack: Stack, revision: string, jobId: number): Signer {
  const project = 'vision-lab-example/northwind-vision';
  const commit = createHash('sha1').update(`${project} ${revision}`).digest('hex');
  return {
    san: `https://gitlab.com/${project}//.gitlab-ci.yml@refs/heads/main`,
    sanType: 'uri',
    issuer: `${stack.endpoints.oidc}/gitlab`,
    rule: RULES.vision,
    token: { path: '/gitlab/token', query: { project_path: project, ref: 'main', sha: commit, job_id: String(jobId) } },
    run: {
      repository: `https://gitlab.com/${project}`,
      commit,
      ref: 'refs/heads/main',
      path: '.gitlab-ci.yml',
      invocation: `https://gitlab.com/${project}/-/jobs/${jobId}`,
    },
  };
}

/** B's other identity: a mailbox, used once by hand. */
export function visionMailbox(stack: Stack): Signer {
  return mailbox(stack, RULES.visionMail, 'releases@vision-lab.example');
}

/** C: the publisher of adapters. */
export function adapterMailbox(stack: Stack): Signer {
  return mailbox(stack, RULES.adapters, 'adapters@models.example');
}

/** D: a workflow of the deployed composition, at a version tag. */
export function deployment(stack: Stack, workflow: string, version: string, runId: number): Signer {
  return github(stack, RULES.deploy, 'deploy-example/northwind-assistant', workflow, version, runId, 'push');
}

/** D's release bot. */
export function releaseBot(stack: Stack): Signer {
  return mailbox(stack, RULES.bot, 'release-bot@models.example');
}

/** D's team that makes the retrieval index. */
export function indexMailbox(stack: Stack): Signer {
  return mailbox(stack, RULES.index, 'retrieval-index@deploy.example');
}

/** E: the workflow that releases data sets. */
export function dataPipeline(stack: Stack, version: string, runId: number): Signer {
  return github(stack, RULES.data, 'port-data-example/datasets', 'publish.yml', version, runId, 'release');
}

/** F: evaluates models of others. */
export function evaluator(stack: Stack, version: string, runId: number): Signer {
  return github(
    stack,
    RULES.evaluator,
    'harbour-trials-example/evaluations',
    'evaluate.yml',
    version,
    runId,
    'release',
  );
}

/** Nobody that anyone watches or expects. */
export function stranger(stack: Stack): Signer {
  return mailbox(stack, null, 'provenance@elsewhere.example');
}

/** The pipeline's identity in a run that says it built another commit than its certificate proves. */
export function claimingCommit(signer: Signer, commit: string): Signer {
  return signer.run === null ? signer : { ...signer, run: { ...signer.run, commit } };
}

function mailbox(stack: Stack, rule: string | null, address: string): Signer {
  const token: TokenRequest = { path: '/token', query: { email: address } };
  return { san: address, sanType: 'email', issuer: stack.endpoints.oidc, rule, token, run: null };
}

function github(
  stack: Stack,
  rule: string,
  repository: string,
  workflow: string,
  version: string,
  runId: number,
  event: string,
): Signer {
  const ref = `refs/tags/v${version}`;
  const commit = createHash('sha1').update(`${repository} ${ref}`).digest('hex');
  const query = { repository, ref, workflow_file: workflow, event_name: event, sha: commit, run_id: String(runId) };
  return {
    san: `https://github.com/${repository}/.github/workflows/${workflow}@${ref}`,
    sanType: 'uri',
    issuer: `${stack.endpoints.oidc}/actions`,
    rule,
    token: { path: '/actions/token', query },
    run: {
      repository: `https://github.com/${repository}`,
      commit,
      ref,
      path: `.github/workflows/${workflow}`,
      invocation: `https://github.com/${repository}/actions/runs/${runId}/attempts/1`,
    },
  };
}
