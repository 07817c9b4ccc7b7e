import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIncident } from '#lib/services/incident/open.ts';
import { DATASET, fileOf, openIncidentScene } from '#test/support/incident-scene.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'incidents.db');
const sums = join(folder.path, 'SHA256SUMS');

beforeAll(() => {
  const ctx = openIncidentScene(path);
  const scope = { is: { kind: 'dataset', alias: DATASET } } as const;
  const actor = { kind: 'command-line' } as const;
  openIncident(ctx, { title: 'Poisoned', severity: 'high', scope, ownerId: null, actor });
  ctx.database.close();
});
afterAll(() => folder.remove());

const verify = (model: string, ...args: string[]) => {
  writeFileSync(sums, `${fileOf(model)}  file-0\n`);
  return runCli(['verify', '--list', sums, '--database', path, ...args]);
};

describe('verify, asking a Modeltrail that knows of an incident', { timeout: 120_000 }, () => {
  it('ends with 1 and says why, whatever is required, and still says what the bytes are', async () => {
    const { code, stdout } = await verify('sentiment', '--require', 'signed');
    expect(code).toBe(1);
    expect(stdout).toMatch(/: verified, but refused$/m);
    expect(stdout).toContain('there as signed');
    expect(stdout).toMatch(/^Refused: part of incident #1 since /m);
    const { stdout: json } = await verify('sentiment', '--require', 'signed', '--json');
    expect(JSON.parse(json)).toMatchObject({ isGood: false, outcome: 'verified', notices: [{ refuses: true }] });
  });

  it('tells of what cannot be excluded, and does not refuse it', async () => {
    const { code, stdout } = await verify('translator', '--require', 'signed');
    expect(code).toBe(0);
    expect(stdout).toContain('that it is affected cannot be excluded');
  });
});
