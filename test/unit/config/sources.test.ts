import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/config/error.ts';
import { parseConfig } from '#lib/config/load.ts';

const ORGANISATION = 'organisation: { name: Models Example, contact: security@models.example }\n';
const parse = (source: string) =>
  parseConfig(Buffer.from(`${ORGANISATION}sources:\n  - ${source}\n`), 'modeltrail.yaml').config.sources;
const here = (path: string) => join(process.cwd(), path);
const MINUTE = 60_000;

function problems(source: string): string[] {
  try {
    parse(source);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('a source', () => {
  it.each([
    ['{ name: a, directory: ./in }', { name: 'a', directory: here('in') }],
    ['{ name: a, folder: ./hub }', { name: 'a', folder: here('hub'), each: false, every: 15 * MINUTE }],
    [
      `{ name: a, folder: ./m, repository: org/m, revision: ${'a'.repeat(40)}, every: 1m }`,
      { name: 'a', folder: here('m'), each: false, repository: 'org/m', revision: 'a'.repeat(40), every: MINUTE },
    ],
    ['{ name: a, oci: ./layout, every: 24h }', { name: 'a', oci: { layout: here('layout') }, every: 1440 * MINUTE }],
    [
      '{ name: a, oci: "oci://registry.example:5000/team/m", username: u, password-file: ./p }',
      {
        name: 'a',
        oci: { registry: 'https://registry.example:5000', repository: 'team/m' },
        username: 'u',
        passwordFile: here('p'),
        every: 15 * MINUTE,
      },
    ],
    [
      '{ name: a, oci: "oci://127.0.0.1:5000/m" }',
      { name: 'a', oci: { registry: 'http://127.0.0.1:5000', repository: 'm' }, every: 15 * MINUTE },
    ],
    [
      '{ name: a, oci: "oci://registry.example/m", allow-http: true }',
      { name: 'a', oci: { registry: 'http://registry.example', repository: 'm' }, every: 15 * MINUTE },
    ],
    [
      '{ name: a, github: org/repo, token-file: ./t }',
      { name: 'a', github: 'org/repo', api: 'https://api.github.com', tokenFile: here('t'), every: 15 * MINUTE },
    ],
    [
      '{ name: a, rekor-index: "https://rekor.sigstore.dev/" }',
      { name: 'a', rekorIndex: 'https://rekor.sigstore.dev', every: 15 * MINUTE },
    ],
  ])('may be %s', (text, source) => {
    expect(parse(text)).toEqual([source]);
  });

  it.each([
    ['{ name: a }', 'sources[0]: has none of directory, folder, oci, github, rekor-index'],
    ['{ name: a, directory: x, folder: y }', 'sources[0]: has more than one of directory, folder'],
    [
      '{ name: a, directory: x, each: true }',
      'sources[0].each: has no meaning beside directory. Mend: Leave it out: it belongs to folder',
    ],
    ['{ name: a, github: o/r, username: u, password-file: p }', 'sources[0].username: has no meaning beside github'],
    ['{ name: a, folder: x, each: true, repository: o/r }', 'names one repository for many folders'],
    ['{ name: a, folder: x, revision: main }', 'is not a commit of 40 lowercase hex digits'],
    ['{ name: a, oci: "oci://registry.example/m:1.0" }', 'is neither a path nor oci://host/repository'],
    ['{ name: a, oci: "https://registry.example/m" }', 'is neither a path nor oci://host/repository'],
    ['{ name: a, oci: "oci://u:p@registry.example/m" }', 'is neither a path nor oci://host/repository'],
    ['{ name: a, oci: "oci://registry.example/../m" }', 'is neither a path nor oci://host/repository'],
    [
      '{ name: a, oci: "oci://r.example/m", username: u }',
      'has one of username and password-file. Mend: Write both, or neither',
    ],
    ['{ name: a, github: repo }', 'sources[0].github: is not owner/name'],
    ['{ name: a, github: ../../x }', 'sources[0].github: is not owner/name'],
    ['{ name: a, github: o/r, api: "http://github.example" }', 'sources[0].api: is plain http to another machine'],
    ['{ name: a, rekor-index: "http://rekor.example" }', 'sources[0].rekor-index: is plain http to another machine'],
    ['{ name: a, rekor-index: "ftp://x" }', 'is not an http or https address'],
    ['{ name: a, folder: x, every: 59s }', 'sources[0].every: is out of bounds. Mend: Write between 1m and 24h'],
    ['{ name: a, folder: x, every: 25h }', 'sources[0].every: is out of bounds'],
    ['{ name: a, folder: x, every: 15 }', 'must be text, not the number 15. Mend: Write text, such as 15m'],
    ['{ name: a, foldr: x }', 'Mend: Write folder'],
    ['{ directory: x }', 'sources[0].name: is missing'],
  ])('refuses %s', (text, problem) => {
    expect(problems(text).join('\n')).toContain(problem);
  });
});
