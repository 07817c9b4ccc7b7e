import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/http/api.ts';
import type { OwnTrust } from '#lib/incident-archive/archive-trust.ts';
import { ARCHIVE_CHECKS, type ArchiveCheckName } from '#lib/incident-archive/checklist.ts';
import type { ArchivedAffected, ArchivedBundle, ArchivedEvent, ArchivedLink } from '#lib/incident-archive/documents.ts';
import { FILE } from '#lib/incident-archive/layout.ts';
import { verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import { createToken } from '#lib/services/access/create-token.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { NO_OPERATOR_TRUST } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { flipByte, forgeDocuments, packArchive, packWithManifest, unpackArchive } from '#test/support/archive-files.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { INCIDENT_ID, INCIDENT_TIME, joinChunks, mintStoryIncident } from '#test/support/story-incident.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from '#test/unit/cli/run-cli.ts';

const NOW = INCIDENT_TIME + 3_600_000;
const ROOT_FILE = join(STORY_DIRECTORY, 'trusted_root.json');
const OWN: OwnTrust = {
  root: parseTrustedRoot(readFileSync(ROOT_FILE)),
  sha256: '0'.repeat(64),
  source: 'my trusted_root.json',
  operator: null,
};

let stage: StoryStage;
let archive: Buffer;
/** Over the base model of tidewater.example, which no log has, and what a file of a repository declares of it. */
let unlogged: Buffer;

const exportArchive = async (id: string, now = NOW) => {
  const contents = await collectArchive(stage.ctx.database, { id, now });
  if (!contents) throw new Error(`no incident ${id}`);
  return joinChunks(writeArchive(contents));
};
const verify = (bytes: Uint8Array, trust: OwnTrust | null = OWN) => {
  const report = verifyArchive(bytes, { trust, now: NOW });
  const outcomes = Object.fromEntries(report.checks.map(({ name, outcome }) => [name, outcome]));
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  const said = (name: ArchiveCheckName) => {
    const check = report.checks.find((one) => one.name === name);
    return [check?.statement, ...(check?.details ?? [])].join('\n');
  };
  return { ...report, outcomes, failed: failed.map(({ name }) => name), said };
};

beforeAll(async () => {
  stage = await openStoryStage({ hub: true });
  await stage.round();
  const { database } = stage.ctx;
  const { facts } = stage.story;
  mintStoryIncident(database, facts);
  const id = mintStoryIncident(database, facts, {
    number: 8,
    kind: 'base-model',
    model: 'tidewater-base',
    version: '1.0.0',
  });
  archive = await exportArchive(INCIDENT_ID);
  unlogged = await exportArchive(id);
}, 120_000);
afterAll(() => stage.close());

describe('an archive of the story', () => {
  it('verifies, with a trust root of one’s own', () => {
    const { outcome, outcomes, said } = verify(archive);
    expect(outcome).toBe('verified');
    expect(Object.keys(outcomes)).toEqual([...ARCHIVE_CHECKS]);
    expect(outcomes).toMatchObject({
      trust: 'passed',
      bundles: 'passed',
      events: 'passed',
      links: 'passed',
      paths: 'passed',
    });
    expect(said('trust')).toContain('The trust root is yours: my trusted_root.json');
  });

  it('with the trust root that it brings only holds together, and says so', () => {
    const { outcome, outcomes, said } = verify(archive, null);
    expect(outcome).toBe('verified');
    expect(outcomes.trust).toBe('not-checked');
    expect(said('trust')).toContain('whoever made it could have made the root');
  });

  it('is refused by a trust root that knows nothing of its logs and authorities', () => {
    const foreign = parseTrustedRoot(
      JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
        tlogs: [],
        certificateAuthorities: [],
        ctlogs: [],
        timestampAuthorities: [],
      }),
    );
    const { outcome, failed, said } = verify(archive, { ...OWN, root: foreign });
    expect(outcome).toBe('refused');
    expect(failed).toEqual(expect.arrayContaining(['bundles', 'events', 'links', 'paths']));
    expect(said('events')).toContain('is none of the trust root');
  });

  it('holds what leads to each affected version, what runs first, and what cannot be excluded last', () => {
    const { affected } = JSON.parse(unpackArchive(archive).get(FILE.affected)?.toString() ?? '') as {
      affected: ArchivedAffected[];
    };
    expect(affected.map(({ tier }) => tier)).toEqual([
      'descendant',
      'proven',
      'proven',
      'proven',
      'descendant',
      'descendant',
      'declared',
      'not-excluded',
    ]);
    const csv = unpackArchive(archive).get(FILE.affectedCsv)?.toString().split('\r\n') ?? [];
    expect(csv[1]).toMatch(/^"northwind-assistant .*"production\/harbour-desk"/);
  });

  it('says that it cannot tell what else is affected', () => {
    expect(verify(archive).said('scope')).toContain('That nothing else is affected, nothing in an archive can show');
  });

  it('is the same for the same database and time, and another at another time', async () => {
    expect((await exportArchive(INCIDENT_ID)).equals(archive)).toBe(true);
    expect((await exportArchive('7')).equals(archive)).toBe(true);
    expect((await exportArchive(INCIDENT_ID, NOW + 1)).equals(archive)).toBe(false);
  });

  it('is known for no incident that there is not', async () => {
    expect(await collectArchive(stage.ctx.database, { id: 'inc_0', now: NOW })).toBeNull();
  });
});

describe('an archive of what no log has', () => {
  it('verifies with the operator’s keys that it brings, and says that it brings them', () => {
    const { outcome, said } = verify(unlogged);
    expect({ outcome, bundles: said('bundles') }).toMatchObject({ outcome: 'verified' });
    expect(said('bundles')).toMatch(/more in no log/);
    expect(said('trust')).toMatch(/The key or authority “Tidewater.*” is the one that the archive brings/);
  });

  it('is refused by somebody who trusts no such key', () => {
    const { failed, said } = verify(unlogged, { ...OWN, operator: NO_OPERATOR_TRUST });
    expect(failed).toContain('bundles');
    expect(said('bundles')).toMatch(/does not verify/);
  });

  it('tells what unsigned files declare, and takes it for no proof', () => {
    const files = unpackArchive(unlogged);
    expect([...files.keys()].some((name) => name.startsWith('declarations/'))).toBe(true);
    expect(verify(unlogged).said('links')).toMatch(/by unsigned files, which prove nothing/);
  });
});

describe('a file of the archive', () => {
  const refused = async (files: ReadonlyMap<string, Uint8Array>) => {
    const { outcome, failed, statement } = verify(await packArchive(files));
    expect(outcome).toBe('refused');
    expect(failed).toHaveLength(1);
    return statement;
  };

  it('that is changed by one byte is named, whichever it is', async () => {
    const files = unpackArchive(archive);
    for (const [name, bytes] of files) {
      const statement = await refused(new Map(files).set(name, flipByte(bytes, Math.floor(bytes.length / 2))));
      if (name !== FILE.manifest)
        expect(statement).toBe(`${name} is not what the manifest says: its SHA-256 is another.`);
    }
  });

  it('that is missing is named, whichever it is', async () => {
    const files = unpackArchive(archive);
    for (const name of files.keys()) {
      const others = new Map([...files].filter(([other]) => other !== name));
      const statement = await refused(others);
      expect(statement).toBe(
        name === FILE.manifest
          ? 'Its last file is not manifest.json.'
          : `${name} is in the manifest, and not in the archive.`,
      );
    }
  });

  it('that has another name is missed, whichever it is', async () => {
    const files = unpackArchive(archive);
    for (const name of files.keys()) {
      if (name === FILE.manifest) continue;
      const renamed = new Map([...files].map(([other, bytes]) => [other === name ? `${name}x` : other, bytes]));
      expect(await refused(renamed)).toBe(`${name} is in the manifest, and not in the archive.`);
    }
  });

  it('that was added is named, also where the manifest has it', async () => {
    const files = unpackArchive(archive);
    const added = new Map([['a.txt', Buffer.from('more')], ...files]);
    expect(await refused(added)).toBe('a.txt is in the archive, and not in the manifest.');
    const { failed, statement } = verify(await packWithManifest(added));
    expect({ failed, statement }).toEqual({
      failed: ['documents'],
      statement: 'a.txt is a file that nothing in the archive speaks of.',
    });
  });

  it('that stands out of order is refused', async () => {
    const [first, second, ...others] = unpackArchive(archive);
    if (!first || !second) throw new Error('an archive has more than one file');
    expect(await refused(new Map([second, first, ...others]))).toBe('Its files are not in the order of their names.');
  });
});

describe('evidence that was changed by somebody who makes the manifest anew', () => {
  it('is refused in any of its files', { timeout: 180_000 }, async () => {
    const files = unpackArchive(archive);
    const evidence = [...files.keys()].filter((name) =>
      /^(bundles|events)\/|^audit\.jsonl$|^trust\/trusted_root/.test(name),
    );
    // Each verifies all of the archive: of the many bundles and entries, some of each kind.
    const some = evidence.filter((name, i) => !/^(bundles|events)/.test(name) || i % 4 === 0);
    expect(
      new Set(
        some.map((name) =>
          name
            .split('/')
            .at(-1)
            ?.replace(/^bdl_.*/, 'bundle'),
        ),
      ).size,
    ).toBe(6);
    for (const name of some) {
      const bytes = files.get(name) ?? Buffer.alloc(0);
      const { outcome } = verify(
        await packWithManifest(new Map(files).set(name, flipByte(bytes, Math.floor(bytes.length / 2)))),
      );
      expect({ name, outcome }).toEqual({ name, outcome: 'refused' });
    }
  });

  it.each([
    ['report.md', 'report.md is not what the documents give.'],
    ['report.html', 'report.html is not what the documents give.'],
    ['affected.csv', 'affected.csv is not what the documents give.'],
  ])('is refused in %s', async (name, statement) => {
    const files = unpackArchive(archive);
    const changed = Buffer.concat([files.get(name) ?? Buffer.alloc(0), Buffer.from(' ')]);
    const { failed, said } = verify(await packWithManifest(files.set(name, changed)));
    expect(failed).toEqual(['report']);
    expect(said('report')).toContain(statement);
  });

  it('is refused where the audit chain was cut or changed', async () => {
    const files = unpackArchive(archive);
    const lines = files.get(FILE.audit)?.toString().split('\n') ?? [];
    const packed = (kept: string[]) =>
      packWithManifest(new Map(files).set(FILE.audit, Buffer.from(kept.map((line) => `${line}\n`).join(''))));
    expect(verify(await packed(lines.slice(0, 2))).said('audit')).toContain('its end was cut off');
    expect(verify(await packed(lines.slice(1, 3))).said('audit')).toContain('it is missing');
    expect(
      verify(await packed(lines.slice(0, 3).map((line) => line.replace('noted', 'closed')))).said('audit'),
    ).toContain('its hash is not that');
  });

  it('is refused where the document has a field more', async () => {
    const files = unpackArchive(archive);
    const incident = JSON.parse(files.get(FILE.incident)?.toString() ?? '') as object;
    const { said } = verify(
      await packWithManifest(files.set(FILE.incident, Buffer.from(JSON.stringify({ ...incident, more: 1 })))),
    );
    expect(said('documents')).toContain('incident.json is not of this format');
  });
});

describe('a claim that somebody writes into all documents', () => {
  const changeLink = (change: (link: ArchivedLink) => Partial<ArchivedLink>) =>
    forgeDocuments(archive, ({ links }) => ({
      links: links.map((link, i) => (i === 0 ? { ...link, ...change(link) } : link)),
    }));
  const changeAffected = (from: Buffer, change: (affected: ArchivedAffected) => Partial<ArchivedAffected>) =>
    forgeDocuments(from, ({ affected }) => ({
      affected: { ...affected, affected: affected.affected.map((one) => ({ ...one, ...change(one) })) },
    }));

  it('is nothing new where nothing was changed', async () => {
    expect((await forgeDocuments(archive, () => ({}))).equals(archive)).toBe(true);
  });

  it('of an input that no bundle states is refused', async () => {
    const { said, failed } = verify(await changeLink(() => ({ name: 'harbour-corpus' })));
    expect(failed).toEqual(expect.arrayContaining(['links', 'paths']));
    expect(said('links')).toMatch(/states no such input at predicate\./);
    expect(verify(await changeLink(({ at }) => ({ at: `${at}x` }))).said('links')).toContain('states no such input');
    expect(verify(await changeLink(() => ({ role: 'adapter' }))).said('links')).toContain('states no such input');
  });

  it('of other digests, or of a statement about something else, is refused', async () => {
    const other = { scheme: 'sha256', value: 'a'.repeat(64) };
    expect(verify(await changeLink(() => ({ subject: other }))).said('links')).toContain(
      `is not about sha256:${other.value}`,
    );
    expect(verify(await changeLink(() => ({ input: other }))).said('links')).toContain(
      `does not name sha256:${other.value}`,
    );
  });

  it('that a link connects others than it does is refused', async () => {
    const swapped = await forgeDocuments(archive, ({ links }) => {
      const [first, second, ...others] = links;
      if (!first || !second) throw new Error('the story has more than one link');
      return { links: [{ ...first, child: second.child }, second, ...others] };
    });
    const { said } = verify(swapped);
    expect(said('links')).toMatch(/is none of the digests of the child|holds/);
    expect(verify(swapped).outcome).toBe('refused');
  });

  it('that another bundle states it, or one that is not there, is refused', async () => {
    const missing = await changeLink(() => ({ statedBy: { bundle: `bdl_${'0'.repeat(24)}` } }));
    expect(verify(missing).said('links')).toContain('is not a verified one of the archive');
    const signature = await forgeDocuments(archive, ({ links, bundles }) => {
      const oms = bundles.find(({ predicateType }) => predicateType?.startsWith('https://model_signing/'));
      return { links: links.map((link, i) => (i === 0 ? { ...link, statedBy: { bundle: oms?.id ?? '' } } : link)) };
    });
    expect(verify(signature).said('links')).toContain('states no inputs');
  });

  it('that something is proven that only a file declares is refused', async () => {
    const plain = await changeAffected(unlogged, () => ({ tier: 'proven' }));
    expect(verify(plain).said('paths')).toMatch(/the link of step 2 of its path was declared when it was found/);
    const forged = await changeAffected(unlogged, ({ path }) => ({
      tier: 'proven',
      path: path.map((step, i) => ({ ...step, state: i === 0 ? null : 'verified' })),
    }));
    const { failed, said } = verify(forged);
    expect(failed).toContain('paths');
    expect(said('paths')).toMatch(/It is said to be: Proven\. But no verified statement leads to step/);
  });

  it('that something is proven that only cannot be excluded is refused, where nothing shows it', async () => {
    const forged = await changeAffected(archive, ({ path }) => ({
      tier: 'proven',
      path: path.map((step) => ({ ...step, proofs: [] })),
    }));
    expect(verify(forged).said('paths')).toContain('No statement leads to it, and no criterion of the scope names it');
  });

  it('that a link lies between steps that it does not connect is refused', async () => {
    const forged = await changeAffected(archive, ({ path }) => ({
      path: [path[0], path.at(-1)].filter((step) => step !== undefined),
    }));
    expect(verify(forged).said('paths')).toMatch(/connects others|begins with a link|holds/);
    expect(verify(forged).outcome).toBe('refused');
  });

  it('that rests on a proof that is not there is refused', async () => {
    const forged = await changeAffected(archive, ({ path }) => ({
      path: path.map((step) => ({ ...step, proofs: ['evt_none'] })),
    }));
    expect(verify(forged).said('paths')).toContain('Its path rests on evt_none, which is not in the archive');
  });

  it('that somebody else signed, or at another time, is refused', async () => {
    const signed = (change: object) =>
      forgeDocuments(archive, ({ bundles }) => ({ bundles: bundles.map((bundle) => ({ ...bundle, ...change })) }));
    const stranger = { san: 'stranger@evil.example', issuer: 'http://127.0.0.1:38001' };
    expect(verify(await signed({ signer: stranger })).said('bundles')).toContain('and not by stranger@evil.example');
    expect(verify(await signed({ signedAt: 5 })).said('bundles')).toContain('and not at 1 Jan 1970');
  });

  it('that an entry is of another signer, place or trust is refused', async () => {
    const changed = (change: object) =>
      forgeDocuments(archive, ({ events }) => ({ events: events.map((event) => ({ ...event, ...change })) }));
    const stranger = { san: 'stranger@evil.example', issuer: null };
    expect(verify(await changed({ signer: stranger })).said('events')).toContain('does not name stranger@evil.example');
    expect(
      verify(await changed({ log: { origin: 'rekor2.localhost', api: 'rekor-v2', index: 3 } })).said('events'),
    ).toContain('of another event or place');
    expect(verify(await changed({ authenticity: 'verified' })).said('events')).toContain(
      'the certificate or the signature does not hold',
    );
  });

  it.each<[string, Partial<ArchivedBundle>, string]>([
    ['key', { keySha256: 'a'.repeat(64) }, 'Its certificate is for another key than it says'],
    ['proof of its time', { signedAtSource: 'certificate' }, 'What proves its time is not certificate'],
    ['statement', { predicateType: 'https://elsewhere.example/v1' }, 'It does not state https://elsewhere.example/v1'],
    ['bytes', { sha256: 'a'.repeat(64) }, 'Its bytes are those of another bundle'],
  ])('that a bundle has another %s is refused', async (_, change, said) => {
    const forged = await forgeDocuments(archive, ({ bundles }) => ({
      bundles: bundles.map((bundle) => ({ ...bundle, ...change })),
    }));
    expect(verify(forged)).toMatchObject({ outcome: 'refused' });
    expect(verify(forged).said('bundles')).toContain(said);
  });

  it.each<[string, Partial<ArchivedEvent>, string]>([
    ['kind', { kind: 'dsse 0.0.9' }, 'and not dsse 0.0.9'],
    ['bare key', { publicKeySha256: 'a'.repeat(64) }, 'Its entry does not have the key aaaa'],
  ])('that an entry is of another %s is refused', async (_, change, said) => {
    const forged = await forgeDocuments(archive, ({ events }) => ({
      events: events.map((event) => ({ ...event, ...change })),
    }));
    expect(verify(forged)).toMatchObject({ outcome: 'refused' });
    expect(verify(forged).said('events')).toContain(said);
  });

  it('that digests are of one thing is told to be the archive’s word', async () => {
    const alias = { scheme: 'sha256', value: 'b'.repeat(64), kind: 'oci-manifest' };
    const forged = await forgeDocuments(archive, ({ affected }) => ({
      affected: {
        ...affected,
        artifacts: affected.artifacts.map((one, i) => (i === 0 ? { ...one, aliases: [...one.aliases, alias] } : one)),
      },
    }));
    const { outcomes, said } = verify(forged);
    expect(outcomes.artifacts).toBe('not-checked');
    expect(said('artifacts')).toContain(`that it is also sha256:${alias.value} is the word of the archive`);
  });

  it('that a bundle signs an artifact which it does not is refused', async () => {
    const forged = await forgeDocuments(archive, ({ affected, bundles }) => ({
      affected: {
        ...affected,
        artifacts: affected.artifacts.map((one) => ({ ...one, signedBy: bundles.map(({ id }) => id) })),
      },
    }));
    expect(verify(forged).said('artifacts')).toMatch(/The bundle bdl_\w+ does not sign it/);
  });
});

describe('modeltrail incident', { timeout: 60_000 }, () => {
  it('exports an archive that verifies in a folder with nothing else', async () => {
    const output = join(stage.folder, 'incident-7.zip');
    const exported = await runCli(['incident', 'export', '7', '--output', output, '--database', stage.databasePath]);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(exported.stdout).toContain('Incident #7: 8 affected artifacts, 12 bundles and 13 events');
    const alone = join(stage.folder, 'alone');
    mkdirSync(alone);
    writeFileSync(join(alone, 'archive.zip'), readFileSync(output));
    const verified = await runCli(['incident', 'verify', 'archive.zip'], alone);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout).toContain('WARNING: the trust root is the one that the archive brings along');
    expect(readdirSync(alone)).toEqual(['archive.zip']);
    const own = await runCli(['incident', 'verify', 'archive.zip', '--trusted-root', ROOT_FILE, '--json'], alone);
    expect(own.code).toBe(0);
    expect(JSON.parse(own.stdout)).toMatchObject({
      outcome: 'verified',
      incident: { id: INCIDENT_ID, number: 7 },
      trustRoot: ROOT_FILE,
    });
  });

  it('refuses a changed archive with 1, and says which file', async () => {
    const file = join(stage.folder, 'changed.zip');
    const files = unpackArchive(archive);
    writeFileSync(file, await packArchive(files.set(FILE.reportHtml, Buffer.from('nothing is affected'))));
    const { code, stdout } = await runCli(['incident', 'verify', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('refused\nreport.html is not what the manifest says');
  });

  it('gives no answer, 2, without a file, a database or an output', async () => {
    expect((await runCli(['incident', 'verify', join(stage.folder, 'none.zip')])).code).toBe(2);
    expect((await runCli(['incident', 'export', '7', '--output', 'x.zip', '--database', 'none.db'])).code).toBe(2);
    expect((await runCli(['incident', 'export', '7', '--database', stage.databasePath])).code).toBe(2);
  });

  it('writes nothing for an incident that is not known, and ends with 1', async () => {
    const output = join(stage.folder, 'none.zip');
    const { code, stdout } = await runCli([
      'incident',
      'export',
      '99',
      '--output',
      output,
      '--database',
      stage.databasePath,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'No incident 99 is known here.\n' });
    expect(readdirSync(stage.folder)).not.toContain('none.zip');
  });
});

describe('GET /api/v1/incidents/{id}/archive', () => {
  const ask = (id: string, token?: string) => {
    const api = createApi({
      database: () => stage.ctx.database,
      standards: async () => null,
      now: () => NOW,
      log: stage.ctx.log,
    });
    return api.request(`/api/v1/incidents/${id}/archive`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  };
  const mint = (name: string, scope: 'read' | 'investigate') =>
    createToken(stage.ctx, { name, scopes: [scope], expiresAt: null }, { kind: 'command-line' }).token;

  it('gives the archive to a token that may investigate, and to no other', async () => {
    const answer = await ask(INCIDENT_ID, mint('responder', 'investigate'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="incident-7.zip"');
    expect(Buffer.from(await answer.arrayBuffer()).equals(archive)).toBe(true);
    expect((await ask(INCIDENT_ID, mint('reader', 'read'))).status).toBe(403);
    expect((await ask(INCIDENT_ID)).status).toBe(401);
  });

  it('knows no other incidents', async () => {
    expect((await ask('inc_0', mint('second responder', 'investigate'))).status).toBe(404);
  });
});
