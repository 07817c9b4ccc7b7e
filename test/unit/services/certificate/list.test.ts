import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getCertificateAttention } from '#lib/services/certificate/attention.ts';
import { type CertificateFilter, countCertificates, listCertificates } from '#lib/services/certificate/list.ts';
import { mintEventCertificates, mintIssued } from '#test/certificate-factories.ts';
import { MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

const UNREAD = { undecided: 'The certificate is cut off.', san: null, issuer: null, tbsSha256: null };

describe('the list of certificates', () => {
  let ctx: TestContext;

  beforeEach(() => {
    ctx = openContext();
    const log = mintLog(ctx.database, { api: 'ct-rfc6962', origin: 'ct.example' });
    const checkpoint = mintCheckpoint(ctx.database, log);
    const mint = (logIndex: number, overrides: Parameters<typeof mintIssued>[2]) =>
      mintIssued(ctx.database, { log, checkpoint, logIndex }, overrides);
    mint(1, { state: 'waiting' });
    mint(2, { state: 'waiting', ...UNREAD });
    mint(3, { state: 'unused', issuer: 'https://login.partner.example' });
    mint(4, { state: 'unused' });
  });

  afterEach(() => ctx.database.close());

  const indices = async (filter: CertificateFilter) =>
    (await listCertificates(ctx.database, { filter, limit: 10 })).certificates.map(({ logIndex }) => logIndex);

  it('counts those that cannot be read apart from those that wait', async () => {
    expect(Object.fromEntries(await countCertificates(ctx.database))).toEqual({ waiting: 1, undecided: 1, unused: 2 });
  });

  it('gives for each count exactly the certificates that were counted', async () => {
    expect(await indices({ state: 'waiting', readable: true })).toEqual([1]);
    expect(await indices({ state: 'waiting', undecided: true })).toEqual([2]);
    expect(await indices({ state: 'waiting', readable: false, undecided: false })).toEqual([2, 1]);
  });

  it('keeps one name at two issuers apart', async () => {
    const identity = 'release-bot@models.example';
    expect(await indices({ state: 'unused', identity })).toEqual([4, 3]);
    expect(await indices({ state: 'unused', identity, issuer: 'https://login.partner.example' })).toEqual([3]);
  });

  it('names of a signer whose certificates are missing the latest entry, with the reason of that one', async () => {
    const signed = ['evt_c', 'evt_a', 'evt_b'];
    for (const [i, id] of signed.entries())
      mintEvent(ctx.database, null, { id, signedAt: MINT_TIME + (i === 1 ? 9000 : i) });
    mintEventCertificates(
      ctx.database,
      signed.map((eventId) => ({
        eventId,
        tbsSha256: eventId,
        state: 'missing',
        reason: `of ${eventId}`,
        checkedAt: MINT_TIME,
      })),
    );
    const { missing } = await getCertificateAttention(ctx.database);
    expect(missing).toMatchObject([{ count: 3, latestAt: MINT_TIME + 9000, eventId: 'evt_a', reason: 'of evt_a' }]);
  });
});
