import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MonitorConfigError, parseMonitorConfig, readMonitorConfig, readUrlOf } from '#lib/sigstore/monitor-config.ts';
import { temporaryFolder } from '#test/support/product.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const log = (change: object = {}) => ({
  readUrl: 'https://read.example/a/',
  logOrigin: 'log.example',
  majorApiVersion: 2,
  ...change,
});
const parse = (value: unknown) => parseMonitorConfig(Buffer.from(JSON.stringify(value)));

describe('a MonitorConfig', () => {
  it('says where each log is read, by its origin', () => {
    const config = parse({
      mediaType: 'application/vnd.dev.sigstore.monitorconfig.v0.1+json',
      rekorLogs: [log(), log({ logOrigin: 'later.example', majorApiVersion: 0 })],
      ct_logs: [{ read_url: 'https://ct.example', log_origin: 'ct.example/2026', major_api_version: 1 }],
    });
    expect(config.rekorLogs).toHaveLength(1);
    expect(readUrlOf(config, 'log.example')).toBe('https://read.example/a');
    expect(readUrlOf(config, 'ct.example/2026')).toBe('https://ct.example');
    expect(readUrlOf(config, 'log.example/')).toBeNull();
    expect(parse({})).toEqual({ rekorLogs: [], ctLogs: [] });
  });

  it.each([
    [[], /It is not an object/],
    [{ rekorLog: [] }, /rekorLog is not a field/],
    [{ mediaType: 'application/vnd.dev.sigstore.trustedroot.v0.2+json' }, /mediaType is not that/],
    [{ rekorLogs: {} }, /rekorLogs is not a list/],
    [{ rekorLogs: [], rekor_logs: [] }, /rekorLogs stands there twice/],
    [{ rekorLogs: [log({ readUrl: 'ftp://a.example' })] }, /rekorLogs\[0\]\.readUrl is no http/],
    [{ rekorLogs: [log({ readUrl: 'https://a:b@c.example' })] }, /readUrl/],
    [{ rekorLogs: [log({ logOrigin: 'a\nb' })] }, /logOrigin is not the origin/],
    [{ rekorLogs: [log({ majorApiVersion: '2' })] }, /majorApiVersion is not a version/],
    [{ rekorLogs: [log({ other: 1 })] }, /rekorLogs\[0\]\.other is not a field/],
    [{ ctLogs: [log(), log()] }, /ctLogs\[1\]\.logOrigin stands there twice/],
    [{ ctLogs: Array.from({ length: 501 }, (_, i) => log({ logOrigin: `l${i}` })) }, /more than 500/],
  ])('is refused as a whole with a mistake: %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it('in a file names the file', async () => {
    const path = join(folder.path, 'monitor.json');
    await expect(readMonitorConfig(path)).rejects.toThrow(/monitor\.json cannot be read.*logs\.monitor-config/);
    writeFileSync(path, '{"rekorLogs":[],"rekorLogs":[]}');
    await expect(readMonitorConfig(path)).rejects.toThrow(/monitor\.json cannot be used/);
  });

  it('never fails in another way, whatever the bytes', () => {
    const hostile = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify({ rekorLogs: [value] }))),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          parseMonitorConfig(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MonitorConfigError);
        }
      }),
    );
  });
});
