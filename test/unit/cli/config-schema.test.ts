import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

describe('config schema', { timeout: 60_000 }, () => {
  it('prints the schema that public/ holds', async () => {
    const { code, stdout } = await runCli(['config', 'schema']);
    expect(code).toBe(0);
    const kept = readFileSync(new URL('../../../public/modeltrail.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(kept));
  });
});
