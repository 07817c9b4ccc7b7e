/** modeltrail.yaml of the story: the configuration of D's security team. */
import type { StoryLogFacts } from './facts.ts';
import { TIDEWATER_AUTHORITY, TIDEWATER_KEY } from './outside-sigstore.ts';
import { RULES } from './signers.ts';

/** @param oidc the stack's e-mail issuer; those of the pipelines lie below it */
export function settings(oidc: string, logs: readonly StoryLogFacts[]): string {
  const list = logs.map(({ origin, server }) => `    - { origin: ${origin}, url: '${server}' }`).join('\n');
  return `# What Deploy Example's security team watches. The demo replaces the addresses of the logs by its own.
organisation:
  name: Deploy Example
  contact: security@deploy.example
server:
  host: 127.0.0.1
  port: 3000
database: ./data/modeltrail.db
trust:
  file: ./trusted_root.json
  keys:
    - { name: ${TIDEWATER_KEY.name}, file: ./${TIDEWATER_KEY.file} }
  authorities:
    - { name: ${TIDEWATER_AUTHORITY.name}, file: ./${TIDEWATER_AUTHORITY.file} }
logs:
  discover: true
  start: 0
  poll: 2s
  parallel: 16
  # The story has no certificate log to be read.
  certificate-logs: false
  list:
${list}
watch:
  - name: ${RULES.deploy}
    own: true
    identity: { glob: 'https://github.com/deploy-example/northwind-assistant/.github/workflows/*@refs/tags/*' }
    issuer: { exact: '${oidc}/actions' }
  - name: ${RULES.bot}
    own: true
    identity: { exact: release-bot@models.example }
    issuer: { exact: '${oidc}' }
  - name: ${RULES.base}
    own: false
    identity: { glob: 'https://github.com/foundation-models-example/northwind/.github/workflows/release.yml@refs/tags/*' }
    issuer: { exact: '${oidc}/actions' }
    extensions: { source-repository-uri: 'https://github.com/foundation-models-example/northwind' }
  - name: ${RULES.vision}
    own: false
    identity: { pattern: 'https://gitlab\\.com/vision-lab-example/northwind-vision//\\.gitlab-ci\\.yml@refs/(heads|tags)/.+' }
    issuer: { exact: '${oidc}/gitlab' }
  - name: ${RULES.visionMail}
    own: false
    identity: { glob: '*@vision-lab.example' }
    issuer: { exact: '${oidc}' }
  - name: ${RULES.adapters}
    own: false
    identity: { exact: adapters@models.example }
    issuer: { exact: '${oidc}' }
  - name: ${RULES.index}
    own: true
    identity: { exact: retrieval-index@deploy.example }
    issuer: { exact: '${oidc}' }
  - name: ${RULES.data}
    own: false
    identity: { glob: 'https://github.com/port-data-example/datasets/.github/workflows/publish.yml@refs/tags/*' }
    issuer: { exact: '${oidc}/actions' }
  - name: ${RULES.evaluator}
    own: false
    identity: { glob: 'https://github.com/harbour-trials-example/evaluations/.github/workflows/evaluate.yml@refs/tags/*' }
    issuer: { exact: '${oidc}/actions' }
models:
  - name: Northwind base
    models: northwind-base
    signers:
      - identity: { glob: 'https://github.com/foundation-models-example/northwind/.github/workflows/release.yml@refs/tags/*' }
        issuer: '${oidc}/actions'
  - name: Northwind vision
    models: northwind-vision
    signers:
      - identity: { glob: 'https://gitlab.com/vision-lab-example/northwind-vision//.gitlab-ci.yml@refs/heads/*' }
        issuer: '${oidc}/gitlab'
  - name: Tidewater base
    models: tidewater-base
    signers:
      - authority: ${TIDEWATER_AUTHORITY.name}
      - key: ${TIDEWATER_KEY.name}
sources:
  - name: published bundles
    directory: ./bundles
  - name: hub
    folder: ./hub
    each: true
    every: 1m
`;
}
