import { createHash, createPublicKey } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '#test/support/product.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

let count = 0;
function write(yaml: string): string {
  const path = join(folder.path, `${++count}.yaml`);
  writeFileSync(path, yaml);
  return path;
}

const OMS = join(STORY_DIRECTORY, '../oms');
const ORGANISATION = 'organisation: { name: Example, contact: security@models.example }\n';

describe('config check', { timeout: 60_000 }, () => {
  it('prints what the story comes to: logs, rules and sources', async () => {
    const { code, stdout } = await runCli(['config', 'check', join(STORY_DIRECTORY, 'modeltrail.yaml')]);
    expect(code).toBe(0);
    for (const line of [
      'Deploy Example (security@deploy.example)',
      'rekor2.localhost at http://127.0.0.1:38020, from 0; key: trusted root',
      'rekor2b.localhost at http://127.0.0.1:38024, from 0; key: trusted root',
      'Release bot (own): identity release-bot@models.example, issuer http://127.0.0.1:38001',
      "Vision Lab mailboxes (another's): identity glob *@vision-lab.example",
      'Northwind vision pipeline: https://gitlab.com/vision-lab-example/northwind-vision//.gitlab-ci.yml@refs/heads/main signed by',
      `published bundles: directory ${join(STORY_DIRECTORY, 'bundles')}`,
    ]) {
      expect(stdout).toContain(line);
    }
    expect(stdout).not.toContain('no such directory');
  });

  it('takes modeltrail.yaml of the working directory where no file is named', async () => {
    writeFileSync(join(folder.path, 'modeltrail.yaml'), ORGANISATION);
    const { code, stdout } = await runCli(['config', 'check'], folder.path);
    expect(code).toBe(0);
    expect(stdout).toContain('modeltrail.yaml: good');
    expect(stdout).toContain('none: nothing is looked for');
  });

  it('prints every problem with file, line, column and the mend, and exits 2', async () => {
    const path = write(`${ORGANISATION}server: { port: 99999 }\nwach: []\n`);
    const { code, stdout, stderr } = await runCli(['config', 'check', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`${path}:2:17 server.port: must be at most 65535. Mend: `);
    expect(lines[1]).toContain(`${path}:3:1 wach: is not a key that is known here. Mend: Write watch.`);
  });

  it('refuses a trust root that the jobs could not use', async () => {
    const missing = await runCli(['config', 'check', write(`${ORGANISATION}trust: { file: nowhere.json }\n`)]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('nowhere.json cannot be read');

    writeFileSync(join(folder.path, 'empty.json'), '{}');
    const empty = await runCli(['config', 'check', write(`${ORGANISATION}trust: { file: empty.json }\n`)]);
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('not that of a Sigstore trusted root');
  });

  it('refuses a listed log that neither a key nor the trust root knows', async () => {
    copyFileSync(join(STORY_DIRECTORY, 'trusted_root.json'), join(folder.path, 'trusted_root.json'));
    const yaml = `${ORGANISATION}trust: { file: trusted_root.json }\nlogs: { list: [{ origin: unknown.example }] }\n`;
    const { code, stderr } = await runCli(['config', 'check', write(yaml)]);
    expect(code).toBe(2);
    expect(stderr).toContain('logs.list names unknown.example');
  });

  it('says that a directory of bundles is not there, which is no reason to refuse', async () => {
    const { code, stdout } = await runCli([
      'config',
      'check',
      write(`${ORGANISATION}sources: [{ name: models, directory: ./later }]\n`),
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('later (no such directory');
  });

  it('prints the keys and authorities that are trusted, and whom models are expected from', async () => {
    for (const file of ['p256.pub', 'root.pem']) copyFileSync(join(OMS, file), join(folder.path, file));
    const yaml = `${ORGANISATION}trust:
  tuf: {}
  keys: [{ name: release key, file: p256.pub }]
  authorities: [{ name: models CA, file: root.pem }]
models:
  - name: Northwind
    models: { glob: northwind-* }
    signers: [{ key: release key }, { authority: models CA, identity: CN=release-bot }]
    attesters: [{ identity: bot@models.example, issuer: https://accounts.models.example }]
    require-provenance: true
`;
    const { code, stdout } = await runCli(['config', 'check', write(yaml)]);
    expect(code).toBe(0);
    const fingerprint = createHash('sha256')
      .update(createPublicKey(readFileSync(join(OMS, 'p256.pub'))).export({ type: 'spki', format: 'der' }))
      .digest('hex');
    expect(stdout).toContain(`release key: ec, sha256:${fingerprint}`);
    expect(stdout).toMatch(/models CA: CN=models root, sha256:[0-9a-f]{64}, until 2056-01-01/);
    expect(stdout).toContain(
      'Northwind: models glob northwind-*; signed by key release key or CN=release-bot of authority models CA; ' +
        'provenance also by bot@models.example through https://accounts.models.example; provenance is required',
    );
  });

  it('refuses every key and authority that the jobs could not use, each with its place and the mend', async () => {
    copyFileSync(join(OMS, 'p256.pub'), join(folder.path, 'p256.pub'));
    const yaml = `${ORGANISATION}trust:
  tuf: {}
  keys: [{ name: good, file: p256.pub }, { name: gone, file: gone.pub }]
  authorities: [{ name: no authority, file: p256.pub }]
`;
    const path = write(yaml);
    const { code, stdout, stderr } = await runCli(['config', 'check', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`${path} trust.keys[1]: ${join(folder.path, 'gone.pub')} cannot be read`);
    expect(lines[1]).toContain(`${path} trust.authorities[0]: `);
    expect(lines[1]).toContain('Name a file of CERTIFICATE blocks');
  });

  it('says of secrets that they cannot be read, without reading them', async () => {
    const source = '{ name: hub, github: models-example/northwind, token-file: ./no-token }';
    const { code, stdout } = await runCli(['config', 'check', write(`${ORGANISATION}sources: [${source}]\n`)]);
    expect(code).toBe(0);
    expect(stdout).toContain('hub: attestations of models-example/northwind at https://api.github.com, with ');
    expect(stdout).toContain('no-token (cannot be read by you');
  });
});
