import type { AskedFields } from './attest-fields.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The fields that the CI states in its environment: GitHub Actions and GitLab CI. Anything in the job can set these
 * variables, so that they are claims like any flag; a signer's certificate says the same with proof.
 */
export function ciFields(environment: Environment): AskedFields {
  if (environment.GITHUB_ACTIONS === 'true') return ofGitHub(environment);
  return environment.GITLAB_CI === 'true' ? ofGitLab(environment) : {};
}

function ofGitHub(e: Environment): AskedFields {
  const repository = e.GITHUB_SERVER_URL && e.GITHUB_REPOSITORY && `${e.GITHUB_SERVER_URL}/${e.GITHUB_REPOSITORY}`;
  const attempt = e.GITHUB_RUN_ATTEMPT ? `/attempts/${e.GITHUB_RUN_ATTEMPT}` : '';
  // owner/repository/path@ref, of which the path is what runs.
  const [, entryPoint] = /^[^/]+\/[^/]+\/([^@]+)@/.exec(e.GITHUB_WORKFLOW_REF ?? '') ?? [];
  return stated({
    repository,
    ref: e.GITHUB_REF,
    commit: e.GITHUB_SHA,
    entryPoint,
    pipelineId: repository && e.GITHUB_RUN_ID && `${repository}/actions/runs/${e.GITHUB_RUN_ID}${attempt}`,
    builder: e.GITHUB_SERVER_URL && e.GITHUB_WORKFLOW_REF && `${e.GITHUB_SERVER_URL}/${e.GITHUB_WORKFLOW_REF}`,
    environment: rows({
      'runner environment': e.RUNNER_ENVIRONMENT,
      'runner os': e.RUNNER_OS,
      'runner architecture': e.RUNNER_ARCH,
      'runner image': e.ImageOS && e.ImageVersion && `${e.ImageOS} ${e.ImageVersion}`,
    }),
  });
}

function ofGitLab(e: Environment): AskedFields {
  return stated({
    repository: e.CI_PROJECT_URL,
    ref: e.CI_COMMIT_REF_NAME,
    commit: e.CI_COMMIT_SHA,
    entryPoint: e.CI_CONFIG_PATH,
    pipelineId: e.CI_JOB_URL ?? e.CI_PIPELINE_URL,
    builder: e.CI_PROJECT_URL && e.CI_RUNNER_ID && `${e.CI_PROJECT_URL}/-/runners/${e.CI_RUNNER_ID}`,
    environment: rows({
      'runner version': e.CI_RUNNER_VERSION,
      'runner architecture': e.CI_RUNNER_EXECUTABLE_ARCH,
      'job image': e.CI_JOB_IMAGE,
    }),
  });
}

function rows(values: Environment): Record<string, string> | undefined {
  const found = Object.entries(values).filter((row): row is [string, string] => Boolean(row[1]));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function stated(fields: { readonly [Key in keyof AskedFields]: AskedFields[Key] | '' | undefined }): AskedFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
