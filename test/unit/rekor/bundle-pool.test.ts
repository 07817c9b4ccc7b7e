import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { BundleProcessor } from '#lib/rekor/process-bundle.ts';
import { encodeEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';

const RULES = [{ name: 'anybody', own: true, identity: { exact: 'release-bot@models.example' } }];
const ENTRY = Buffer.from('nothing that can be read');
/** Fails where the pool does not do the work itself. */
const NOBODY: BundleProcessor = {
  process: async () => {
    throw new Error('no thread took it');
  },
};

let pool: BundlePool;

beforeEach(() => {
  pool = new BundlePool(1);
});
afterEach(() => pool.close());

const task = () => ({
  ...{ bundle: 0, width: 1, skip: 0, take: 1, treeSize: 1 },
  bytes: encodeEntryBundle([ENTRY]),
  expected: hashLeaf(ENTRY, nodeSha256),
});

describe('a pool of threads', () => {
  it('goes on with a catch-up that outlasts any number of rounds of other logs', async () => {
    await pool.start();
    const long = pool.processor(RULES, new Set(), NOBODY);
    for (let round = 0; round < 200; round++) {
      pool.processor(RULES, new Set(), NOBODY);
      if (round % 50 === 0) expect((await long.process(task())).kept).toHaveLength(1);
    }
    expect((await long.process(task())).kept).toHaveLength(1);
  });
});
