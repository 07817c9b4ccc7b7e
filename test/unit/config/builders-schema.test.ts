import { describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/config/error.ts';
import { parseConfig } from '#lib/config/load.ts';

const START = 'organisation: { name: Models Example, contact: security@models.example }\n';
const parse = (yaml: string) => parseConfig(Buffer.from(`${START}${yaml}`), 'm.yaml').config.builders;
const WORKFLOW = 'https://github.com/t/p/.github/workflows/train.yml@refs/tags/v3';
const COMMIT = 'c0ffee00'.repeat(5);
const row = (more: string, id = WORKFLOW) =>
  `{ name: n, id: '${id}', identity: bot@models.example, issuer: 'https://accounts.models.example', ${more} }`;
const trusted = (...rows: readonly string[]) =>
  `builders:\n  trusted:\n${rows.map((one) => `    - ${one}\n`).join('')}`;

function problems(yaml: string): string {
  try {
    parse(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('accepted builders', () => {
  it('are none by default, and only GitHub Actions is known to serve pipelines alone', () => {
    expect(parse('')).toEqual({
      builders: [],
      ciIssuers: ['https://token.actions.githubusercontent.com'],
      sourceVerifiers: [],
    });
  });

  it('have their rows written out', () => {
    const level3 = `level: 3, workflow: '${WORKFLOW}', workflow-commits: [${COMMIT}], parameters: [source], hosted: true`;
    expect(parse(trusted(row('level: 2'), row(level3, 'b').replace('name: n', 'name: m'))).builders).toEqual([
      {
        name: 'n',
        id: WORKFLOW,
        identity: 'bot@models.example',
        issuer: 'https://accounts.models.example',
        level: 2,
        hosted: false,
        workflow: null,
        parameters: null,
      },
      {
        name: 'm',
        id: 'b',
        identity: 'bot@models.example',
        issuer: 'https://accounts.models.example',
        level: 3,
        hosted: true,
        workflow: { uri: WORKFLOW, commits: [COMMIT] },
        parameters: ['source'],
      },
    ]);
  });

  it('survive being stored as JSON and are read by nobody as patterns', () => {
    const stored = JSON.parse(JSON.stringify(parse(trusted(row('level: 2', '*')))));
    expect(stored).toEqual(parse(trusted(row('level: 2', '*'))));
  });

  it.each([
    ['a level that there is not', trusted(row('level: 4')), /level/],
    [
      'level 3 without its workflow',
      trusted(row('level: 3')),
      /without the workflow .* Add workflow and workflow-commits/s,
    ],
    ['level 3 without its commits', trusted(row(`level: 3, workflow: '${WORKFLOW}'`)), /without the workflow/],
    ['a workflow at level 2', trusted(row(`level: 2, workflow: '${WORKFLOW}'`)), /only level 3 asks for/],
    ['a tag for a commit', trusted(row(`level: 3, workflow: w, workflow-commits: [v3]`)), /is not a commit/],
    ['a pattern', trusted(row('level: 2').replace(`'${WORKFLOW}'`, '{ glob: "https://**" }')), /id/],
    ['no issuer', trusted(row('level: 2').replace(/issuer: '[^']*', /, '')), /issuer/],
    [
      'a pair that stands twice',
      trusted(row('level: 2'), row('level: 2').replace('name: n', 'name: m')),
      /stand here already/,
    ],
    ['a name that stands twice', trusted(row('level: 2'), row('level: 2', 'b')), /"n" stands here twice/],
    ['a misspelt key', 'builders: { trust: [] }', /trust/],
  ])('are refused with %s', (_, yaml, said) => {
    expect(problems(yaml)).toMatch(said);
  });
});
