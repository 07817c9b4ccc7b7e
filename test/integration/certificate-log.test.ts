import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';
import { checkpoints, coverage, logFaults, logs } from '#db/schema/log.ts';
import { CT_LEAVES } from '#lib/ct/leaf-format.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { certificateSink } from '#lib/services/certificate/certificate-sink.ts';
import { findEventCertificates } from '#lib/services/certificate/find-event-certificates.ts';
import { accessCertificateLog } from '#lib/services/certificate/log-access.ts';
import { settleIssuedCertificates } from '#lib/services/certificate/settle-issued.ts';
import { recordEvent } from '#lib/services/event/record.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { syncLogs } from '#lib/services/log/sync.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { mintCheckpoint, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { MintedCt, mintLeaf } from '#test/support/minted-ct.ts';
import { playRecorded, RECORDED } from '#test/support/recorded-ct.ts';

const HOUR = 3_600_000;
const RULES: WatchRule[] = [
  { name: 'people', own: true, identity: { glob: '*@example.com' } },
  { name: 'workflows', own: true, identity: { glob: 'https://github.com/**' } },
];
const matcher = compileRules(RULES);

let ctx: TestContext;
let log: MintedCt;

beforeEach(async () => {
  ctx = openContext();
  log = await MintedCt.start();
  playRecorded(log);
  syncLogs(ctx, [
    {
      origin: log.origin,
      readUrl: log.url,
      logId: RECORDED.logId.toString('hex'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      publicKey: RECORDED.key,
      source: 'trusted-root',
      api: 'ct-rfc6962',
    },
  ]);
});
afterEach(async () => {
  ctx.database.close();
  await log.stop();
});

async function follow(size?: number) {
  if (size !== undefined) log.wrong.size = size;
  return followLog(ctx, findLog(ctx.database.db, log.origin).id, {
    reader: log.reader(),
    picker: { format: CT_LEAVES, rules: RULES, matcher },
    sink: certificateSink(ctx, { matcher }),
    start: 0,
    parallel: 4,
  });
}

const stored = () => ctx.database.db.select().from(issuedCertificates).orderBy(asc(issuedCertificates.logIndex)).all();
const openFaults = () => ctx.database.db.select({ code: logFaults.code }).from(logFaults).all();
const states = () => [...new Set(stored().map(({ state }) => state))];

/** An event that was signed with a recorded certificate. */
function recordUse(
  certificate: Uint8Array,
  authenticity: 'verified' | 'impersonation' | 'unverifiable' = 'verified',
  id = 'evt_use',
  more: Partial<typeof events.$inferInsert> = {},
) {
  recordEvent(ctx.database.db, ctx.database.sqlite, {
    matches: [],
    certificate,
    row: {
      id,
      seenBy: 'tail',
      authenticity,
      authenticityReason: '',
      claim: 'unclaimed',
      firstSeenAt: ctx.now(),
      occurredAt: ctx.now(),
      checks: '[]',
      ...more,
    },
  });
}

describe('following a recorded certificate log', () => {
  it('keeps the certificates of watched identities, each with a place that is proved', async () => {
    expect(await follow(21)).toMatchObject({ outcome: 'grown', entries: 21 });
    expect(await follow(70)).toMatchObject({ outcome: 'grown', entries: 49 });
    expect(await follow(70)).toMatchObject({ outcome: 'unchanged' });
    const certificates = stored();
    expect(certificates.length).toBeGreaterThan(30);
    for (const certificate of certificates) {
      const head = ctx.database.db
        .select()
        .from(checkpoints)
        .where(eq(checkpoints.id, certificate.checkpointId ?? 0))
        .get();
      const hashes = certificate.inclusionProof ?? Buffer.alloc(0);
      verifyInclusion(
        {
          index: certificate.logIndex,
          size: certificate.treeSize ?? 0,
          leafHash: Buffer.from(certificate.leafHash, 'hex'),
          proof: Array.from({ length: hashes.length / 32 }, (_, i) => hashes.subarray(i * 32, i * 32 + 32)),
          root: head?.root ?? new Uint8Array(),
        },
        nodeSha256,
      );
      expect(certificate).toMatchObject({ kind: 'precertificate', state: 'waiting', undecided: null });
      expect(certificate.san).toMatch(/@example\.com$|^https:\/\/github\.com\//);
    }
    const matches = ctx.database.db.select().from(certificateMatches).all();
    expect(new Set(matches.map(({ certificateId }) => certificateId)).size).toBe(certificates.length);
    expect(ctx.database.db.select().from(coverage).all()).toMatchObject([{ startIndex: 0, endIndex: 70 }]);
  });

  it('takes the log up at its end, and reads on from there to the root that it signs', async () => {
    log.wrong.size = 21;
    const row = findLog(ctx.database.db, log.origin);
    const options = {
      reader: log.reader(),
      picker: { format: CT_LEAVES, rules: RULES, matcher },
      sink: certificateSink(ctx, { matcher }),
      start: 'end' as const,
      parallel: 4,
    };
    expect(await followLog(ctx, row.id, options)).toMatchObject({ outcome: 'unchanged' });
    log.wrong.size = 70;
    expect(await followLog(ctx, row.id, options)).toMatchObject({ outcome: 'grown', entries: 49 });
    expect(stored().every(({ logIndex }) => logIndex >= 21)).toBe(true);
  });

  it('stores nothing false where the server swaps entries, and goes on once it does not', async () => {
    log.wrong.swapped = 5;
    expect(await follow(70)).toMatchObject({ outcome: 'failed' });
    expect(stored()).toEqual([]);
    expect(openFaults()).toEqual([{ code: 'entry-mismatch' }]);
    log.wrong.swapped = null;
    expect(await follow(70)).toMatchObject({ outcome: 'grown', entries: 70 });
  });

  it('takes an older head for what it is, and does not go back', async () => {
    await follow(70);
    expect(await follow(21)).toMatchObject({ outcome: 'failed' });
    expect(openFaults()).toEqual([{ code: 'smaller-tree' }]);
    expect(findLog(ctx.database.db, log.origin)).toMatchObject({ verifiedSize: 70, state: 'following' });
  });

  it('keeps what it cannot read as undecided', async () => {
    log.given = null;
    log.leaves.length = 0;
    log.add(Buffer.from('no leaf, but alice@example.com'), mintLeaf(Buffer.from('no certificate')));
    log.wrong.size = null;
    ctx.database.db
      .update(logs)
      .set({ publicKey: log.key.export({ type: 'spki', format: 'der' }) })
      .run();
    expect(await follow()).toMatchObject({ outcome: 'grown', entries: 2 });
    expect(stored()).toMatchObject([
      { undecided: expect.stringContaining('leaf'), tbsSha256: null },
      { undecided: expect.stringContaining('not DER'), tbsSha256: null },
    ]);
  });
});

describe('a log that contradicts its signed head', () => {
  it('is frozen, and what was read past the verified head is forgotten', async () => {
    log.given = null;
    await follow(21);
    log.wrong.root = nodeSha256(Buffer.from('other'));
    log.wrong.size = 21;
    expect(await follow(21)).toMatchObject({ outcome: 'failed' });
    expect(findLog(ctx.database.db, log.origin)).toMatchObject({ state: 'frozen', verifiedSize: 21 });
  });
});

describe('joining certificates with entries', () => {
  const certificate = RECORDED.certificates.find((der) => {
    const found = matcher.matchCertificate(der);
    return 'matches' in found && found.matches.length > 0;
  });
  if (!certificate) throw new Error('no certificate was recorded');

  it('marks a certificate used whichever came first, entry or certificate', async () => {
    recordUse(certificate);
    expect(eventState()).toBe('waiting');
    await follow(70);
    expect(stored().filter(({ state }) => state === 'used')).toMatchObject([{ eventId: 'evt_use' }]);
    expect(eventState()).toBe('in-ct');
    for (const [i, other] of RECORDED.certificates.entries()) recordUse(other, 'verified', `evt_${i}`);
    const used = stored().filter(({ state }) => state === 'used').length;
    expect(used).toBeGreaterThan(10);
  });

  it('does not count an entry whose signature is not by the key of the certificate', async () => {
    await follow(70);
    recordUse(certificate, 'impersonation');
    recordUse(certificate, 'unverifiable', 'evt_other');
    expect(states()).toEqual(['waiting']);
  });

  it('lets certificates wait again where their entry is forgotten', async () => {
    await follow(70);
    const { forgetEventCertificates } = await import('#lib/services/certificate/join.ts');
    recordUse(certificate);
    forgetEventCertificates(ctx.database.db, eq(events.id, 'evt_use'));
    expect(states()).toEqual(['waiting']);
    expect(ctx.database.db.select().from(eventCertificates).all()).toEqual([]);
  });

  it('adds the rules that a certificate meets that is known already', async () => {
    await follow(70);
    const known = ctx.database.db.select().from(certificateMatches).all();
    const [first] = stored();
    const late = compileRules([{ name: 'late', own: true, identity: { glob: '**' } }]);
    const leaf = { index: first?.logIndex ?? 0, bytes: first?.leaf ?? Buffer.alloc(0), leafHash: Buffer.alloc(32) };
    const proof = { head: null, size: 70, hashes: [] };
    const place = { logId: 1, origin: log.origin, checkpointId: 1, treeSize: 70, seenAt: ctx.now(), checks: [] };
    const sink = certificateSink(ctx, { matcher: late });
    sink.take({ ...leaf, proof: async () => proof }, proof, place).store(ctx.database.db);
    const matches = ctx.database.db.select().from(certificateMatches).all();
    expect(matches).toHaveLength(known.length + 1);
    expect(matches.filter(({ rule }) => rule === 'late')).toMatchObject([{ certificateId: first?.id }]);
  });

  it('asks again for the certificate of an entry where the log that had shown it is rewound', async () => {
    const entry =
      `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${Buffer.alloc(32).toString('base64')}"},` +
      `"signature":{"content":"MEUC","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":"${certificate.toString('base64')}"}}}}}}`;
    recordUse(certificate, 'verified', 'evt_use', { kind: 'hashedrekord 0.0.2', entry: Buffer.from(entry) });
    await follow(70);
    certificateSink(ctx, { matcher }).forget(ctx.database.db, 1, 0);
    expect(stored()).toEqual([]);
    expect(ctx.database.db.select().from(eventCertificates).all()).toMatchObject([
      { state: 'waiting', certificateId: null, certificate, reason: 'No certificate log has shown it so far.' },
    ]);
  });

  const eventState = () => ctx.database.db.select().from(eventCertificates).get()?.state;
});

describe('settling issued certificates', () => {
  const settle = (indexServers: string[] = []) => settleIssuedCertificates(ctx, { after: HOUR, indexServers });
  const issuedAt = () => stored()[0]?.issuedAt ?? 0;

  function rekor(overrides: Partial<typeof logs.$inferInsert> = {}) {
    const row = mintLog(ctx.database, { lastSuccessAt: ctx.now(), ...overrides });
    mintCheckpoint(ctx.database, row, { firstSeenAt: ctx.now() });
    return row;
  }

  beforeEach(async () => {
    await follow(70);
    // Just after the last one was issued.
    ctx.tick(Math.max(...stored().map((row) => row.issuedAt)) - ctx.now() + 1000);
  });

  it('waits until the time is up', () => {
    rekor();
    expect(settle()).toBe(0);
    expect(states()).toEqual(['waiting']);
  });

  it('finds unused what no log has that was read to its end after the time was up', () => {
    ctx.tick(HOUR);
    rekor();
    expect(settle()).toBe(stored().length);
    expect(states()).toEqual(['unused']);
  });

  it('accuses nobody while a log is behind, or was asked last before the time was up', () => {
    const row = rekor();
    ctx.tick(HOUR);
    expect(settle()).toBe(0);
    ctx.database.db.update(logs).set({ lastSuccessAt: ctx.now(), observedSize: 2000 }).where(eq(logs.id, row.id)).run();
    expect(settle()).toBe(0);
    expect(stored()[0]?.reason).toContain('not read to its end');
    ctx.database.db.update(logs).set({ observedSize: 1000 }).where(eq(logs.id, row.id)).run();
    expect(settle()).toBe(stored().length);
  });

  it('accuses nobody while a log is frozen: what it took since is not read', () => {
    rekor({ origin: 'frozen.example', state: 'frozen' });
    ctx.tick(HOUR);
    rekor();
    expect(settle()).toBe(0);
    expect(states()).toEqual(['waiting']);
  });

  it('counts no time as read in which the heads of a log alone were followed', () => {
    ctx.tick(HOUR);
    const row = rekor({ startIndex: 1000 });
    mintCheckpoint(ctx.database, row, { size: 10, firstSeenAt: 0 });
    settle();
    expect(states()).toEqual(['not-covered']);
  });

  it('says not covered where a log was taken up after the certificate was issued, or none is read', () => {
    ctx.tick(HOUR);
    expect(settle()).toBe(stored().length);
    expect(states()).toEqual(['not-covered']);
    ctx.database.db.update(issuedCertificates).set({ state: 'waiting' }).run();
    rekor({ startIndex: 500 });
    settle();
    expect(states()).toEqual(['not-covered']);
  });

  it('waits for a look at the index of a log that is not read, made after the time was up', () => {
    ctx.tick(HOUR);
    expect(settle(['https://rekor.example'])).toBe(0);
    ctx.database.db.update(issuedCertificates).set({ lookedUpAt: issuedAt() }).run();
    expect(settle(['https://rekor.example'])).toBe(0);
    ctx.database.db.update(issuedCertificates).set({ lookedUpAt: ctx.now() }).run();
    expect(settle(['https://rekor.example'])).toBe(stored().length);
    expect(states()).toEqual(['unused']);
  });

  it('makes an unused certificate used when an entry comes late', () => {
    ctx.tick(HOUR);
    rekor();
    settle();
    for (const [i, certificate] of RECORDED.certificates.entries()) recordUse(certificate, 'verified', `evt_${i}`);
    expect(states().sort()).toEqual(['unused', 'used']);
  });
});

describe('finding the certificates of entries in certificate logs', () => {
  const root = parseTrustedRoot(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      ctlogs: [
        {
          baseUrl: 'https://ct.example',
          hashAlgorithm: 'SHA2_256',
          publicKey: {
            rawBytes: RECORDED.key.toString('base64'),
            keyDetails: 'PKIX_ECDSA_P256_SHA_256',
            validFor: { start: '2026-01-01T00:00:00Z' },
          },
          logId: { keyId: RECORDED.logId.toString('base64') },
        },
      ],
      certificateAuthorities: [
        {
          uri: 'https://fulcio.example',
          certChain: { certificates: RECORDED.authority.map((der) => ({ rawBytes: der.toString('base64') })) },
          validFor: { start: '2026-01-01T00:00:00Z' },
        },
      ],
      tlogs: [],
      timestampAuthorities: [],
    }),
  );
  const http = new HttpReader({ userAgent: 'test', connections: 2, attempts: 1 });

  const find = (after = HOUR, followed = true) => {
    const key = log.key;
    const row = {
      origin: log.origin,
      readUrl: log.url,
      logId: RECORDED.logId.toString('hex'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      publicKey: RECORDED.key,
      source: 'trusted-root' as const,
      api: 'ct-rfc6962' as const,
      key,
      start: 0,
      history: false,
    };
    const asked = followed ? [accessCertificateLog(row, http)] : [];
    return findEventCertificates(ctx, { root, logs: asked, after });
  };
  const found = () => ctx.database.db.select().from(eventCertificates).all();
  /** Certificates that no rule here names, so that the tail kept none of them. */
  const others = () => {
    const known = new Set(stored().map(({ tbsSha256 }) => tbsSha256));
    return RECORDED.certificates.filter((der) => {
      recordUse(der, 'verified', 'evt_probe');
      const { tbsSha256 } = found().find(({ eventId }) => eventId === 'evt_probe') ?? {};
      ctx.database.db.delete(eventCertificates).run();
      ctx.database.db.delete(events).run();
      return !known.has(tbsSha256 ?? '');
    });
  };

  it('proves that the log has the very leaf that it promised, whoever watches for the certificate', async () => {
    await follow(70);
    const certificates = others();
    expect(certificates.length).toBeGreaterThan(2);
    for (const [i, der] of certificates.entries()) recordUse(der, 'verified', `evt_${i}`);
    expect(await find()).toBe(certificates.length);
    for (const row of found()) {
      expect(row).toMatchObject({ state: 'in-ct', certificate: null });
      expect(row.reason).toMatch(/has it as entry \d+ of its tree of 70/);
    }
  });

  it('finds missing what the log promised and does not have, once its time is up, and finds it again when it is there', async () => {
    await follow(70);
    const [der] = others();
    if (!der) throw new Error('no certificate');
    log.wrong.hidden = true;
    recordUse(der);
    expect(await find(HOUR)).toBe(0);
    expect(found()).toMatchObject([{ state: 'waiting', reason: expect.stringContaining('has time to') }]);
    expect(await find(0)).toBe(0);
    expect(found()).toMatchObject([
      { state: 'missing', reason: expect.stringContaining('does not have it in the tree of 70') },
    ]);
    log.wrong.hidden = false;
    expect(await find(0)).toBe(0);
    ctx.tick(HOUR);
    expect(await find(0)).toBe(1);
    expect(found()).toMatchObject([{ state: 'in-ct' }]);
  });

  it('says not covered where no log that is followed vouched for it, or no trusted authority issued it', async () => {
    await follow(70);
    const [der] = others();
    if (!der) throw new Error('no certificate');
    recordUse(der);
    expect(await find(HOUR, false)).toBe(1);
    expect(found()).toMatchObject([{ state: 'not-covered' }]);
  });

  it('believes no proof that does not hold', async () => {
    await follow(70);
    const [der] = others();
    if (!der) throw new Error('no certificate');
    recordUse(der);
    log.wrong.badProofs = true;
    expect(await find()).toBe(0);
    expect(found()).toMatchObject([{ state: 'waiting' }]);
    expect(openFaults()).toContainEqual({ code: 'bad-proof' });
  });
});
