import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigError } from '#lib/config/error.ts';
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts';
import { type ConfigWatch, watchConfig } from '#lib/config/watch-file.ts';

type Told = { readonly loaded: LoadedConfig } | { readonly refused: ConfigError };

/** What a watch told, in order; each can be awaited. */
class Teller {
  readonly told: Told[] = [];
  #taken = 0;
  #wake: () => void = () => {};

  readonly handlers = {
    onChange: (loaded: LoadedConfig) => this.#tell({ loaded }),
    onRefused: (refused: ConfigError) => this.#tell({ refused }),
  };

  async next(): Promise<Told> {
    while (this.told.length <= this.#taken) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.told[this.#taken++] as Told;
  }

  async nextPort(): Promise<number | string> {
    const told = await this.next();
    return 'loaded' in told ? told.loaded.config.server.port : told.refused.message;
  }

  #tell(told: Told): void {
    this.told.push(told);
    this.#wake();
  }
}

const text = (port: number | string) =>
  `organisation: { name: x, contact: a@models.example }\nserver: { port: ${port} }\n`;

describe('a watched configuration file', { timeout: 20_000 }, () => {
  let folder: string;
  let path: string;
  let teller: Teller;
  let watch: ConfigWatch;

  const begin = async (inForce?: string) => {
    watch = watchConfig(path, { ...teller.handlers, ...(inForce === undefined ? {} : { inForce }) });
    await watch.ready;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modeltrail-watch-'));
    path = join(folder, 'modeltrail.yaml');
    writeFileSync(path, text(1));
    teller = new Teller();
  });

  afterEach(async () => {
    await watch.close();
    rmSync(folder, { recursive: true });
  });

  it('tells of a change, and of nothing before it', async () => {
    await begin();
    writeFileSync(path, text(2));
    expect(await teller.nextPort()).toBe(2);
    expect(teller.told).toHaveLength(1);
  });

  it('tells of a file put in its place, as editors do', async () => {
    await begin();
    for (const port of [2, 3]) {
      writeFileSync(`${path}.new`, text(port));
      renameSync(`${path}.new`, path);
      expect(await teller.nextPort()).toBe(port);
    }
  });

  it('tells of a bad change with its place, then of the good one after it', async () => {
    await begin();
    writeFileSync(path, text('many'));
    expect(await teller.nextPort()).toBe(`${path}:2:17 server.port: must be a number, not text. Mend: Write a number.`);
    writeFileSync(path, text(3));
    expect(await teller.nextPort()).toBe(3);
  });

  it('tells that a refusal is over where the file says again what is in force', async () => {
    await begin();
    writeFileSync(path, text('many'));
    await teller.next();
    writeFileSync(path, text(1));
    expect(await teller.nextPort()).toBe(1);
  });

  it('takes the same content for no change', async () => {
    await begin();
    writeFileSync(path, text(1));
    renameSync(path, `${path}.old`);
    renameSync(`${path}.old`, path);
    writeFileSync(path, text(2));
    expect(await teller.nextPort()).toBe(2);
    expect(teller.told).toHaveLength(1);
  });

  it('tells of a file that is gone, and of its return', async () => {
    await begin();
    renameSync(path, `${path}.old`);
    expect(await teller.nextPort()).toContain('The file cannot be read: ENOENT');
    writeFileSync(path, text(2));
    expect(await teller.nextPort()).toBe(2);
  });

  it('tells of a link that is turned to another file', async () => {
    rmSync(path);
    for (const port of [1, 2]) {
      mkdirSync(join(folder, `v${port}`));
      writeFileSync(join(folder, `v${port}`, 'modeltrail.yaml'), text(port));
    }
    symlinkSync('v1', join(folder, 'current'));
    symlinkSync(join('current', 'modeltrail.yaml'), path);
    await begin();
    symlinkSync('v2', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'current'));
    expect(await teller.nextPort()).toBe(2);
  });

  it('tells of a change made between loading and watching', async () => {
    const { sha256 } = loadConfig(path);
    writeFileSync(path, text(2));
    await begin(sha256);
    expect(await teller.nextPort()).toBe(2);
  });
});
