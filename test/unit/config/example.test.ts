import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { configSchema } from '#lib/config/schema.ts';
import { compileRules } from '#lib/watch/rule.ts';

const text = readFileSync(new URL('../../../modeltrail.example.yaml', import.meta.url), 'utf8');
const parse = (example: string) => parseConfig(Buffer.from(example), 'modeltrail.example.yaml').config;

describe('modeltrail.example.yaml', () => {
  it('is a good configuration, and its rules can be used', () => {
    const { watch } = parse(text);
    expect(watch.length).toBeGreaterThan(3);
    expect(compileRules(watch).unsearchable).toEqual([]);
  });

  it('shows every setting with its default', () => {
    const { access, server, trust, logs, builders } = parse(text);
    const defaults = configSchema.parse({ organisation: { name: 'x', contact: 'a@models.example' } });
    const { access: usual, ...others } = defaults;
    expect({ access, server, trust, logs, builders }).toEqual({
      access: usual,
      server: others.server,
      trust: others.trust,
      logs: others.logs,
      builders: others.builders,
    });
  });

  it('is good with what it shows as comments too', () => {
    const uncommented = text
      .replace(/^builders:\n(?: .*\n)+/m, '')
      .replace(/^ {2}oidc: \[\]\n((?: {2}#.*\n)+)/m, (_, block: string) => block.replaceAll(/^ {2}# /gm, '  '))
      .replace('  list: []\n', '')
      .replaceAll(/^ {2}(?:keys|authorities): \[\]\n/gm, '')
      .replaceAll(/^( +)# ((?:list:|keys:|authorities:| +- | {4}(?:reading|start|url|key|file):|root:).*)$/gm, '$1$2');
    const { access, logs, trust } = parse(uncommented);
    expect(access.oidc).toMatchObject([{ name: 'accounts', clientId: 'modeltrail', roles: [{}, {}, {}] }]);
    expect(logs.list.map(({ origin }) => origin)).toEqual([
      'log2025-1.rekor.sigstore.dev',
      'rekor.sigstore.dev',
      'rekor.models.example',
    ]);
    expect(trust).toMatchObject({
      tuf: { root: expect.stringMatching(/root\.json$/) },
      keys: [{ name: 'release key' }],
      authorities: [{ name: 'models.example CA' }],
    });
  });

  it('is good with the builders that it shows', () => {
    const [before = '', after = ''] = text.split(/^builders:\n/m);
    const [block = '', ...rest] = after.split(/\n\n/);
    const shown = block
      .replaceAll(/^ {2}(?:trusted|source-verifiers): \[\]\n/gm, '')
      .replaceAll(/^ {2}# ((?:trusted:|source-verifiers:| {2}- | {4}(?!#)).*)$/gm, '  $1');
    const { builders } = parse(`${before}builders:\n${shown}\n\n${rest.join('\n\n')}`);
    expect(builders).toMatchObject({ builders: [{ level: 3 }], sourceVerifiers: [{ name: 'forge' }] });
  });

  it('shows each kind of source, all of them good', () => {
    const [before = '', sources = ''] = text.split(/^sources:\n/m);
    const shown = sources.replaceAll(/^ {2}# ((?:- | {2}).*)$/gm, '  $1');
    const keys = parse(`${before}sources:\n${shown}`).sources.map((source) => Object.keys(source)[1]);
    expect(keys).toEqual(['directory', 'folder', 'folder', 'oci', 'github', 'rekorIndex']);
  });
});
