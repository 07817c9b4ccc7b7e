import { beforeEach, describe, expect, it } from 'vitest';
import { settings } from '#db/schema/setting.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { getHealth } from '#lib/services/health/get.ts';
import { exportSettings } from '#lib/services/setting/export.ts';
import { type ListedSetting, listSettings } from '#lib/services/setting/list.ts';
import { type PutSetting, putSetting } from '#lib/services/setting/put.ts';
import {
  SettingChangedError,
  SettingRefusedError,
  SettingsNotReadyError,
  SettingUnknownError,
} from '#lib/services/setting/refusal.ts';
import { removeSetting } from '#lib/services/setting/remove.ts';
import { switchSetting } from '#lib/services/setting/switch.ts';
import { mintFileInForce } from '#test/state-factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

const YAML = `organisation: { name: Models Example, contact: security@models.example }
watch:
  - name: Release bot
    identity: release-bot@models.example
`;
const ACTOR = { kind: 'user', id: 'usr_1', name: 'administrator' } as const;

let ctx: TestContext;

beforeEach(() => {
  ctx = openContext();
  mintFileInForce(ctx, YAML);
});

function put(name: string, overrides: Partial<PutSetting> = {}): number {
  const value = { identity: `${name}@models.example` };
  return putSetting(ctx, { section: 'watch', name, value, enabled: true, revision: null, actor: ACTOR, ...overrides });
}
const watch = async () => (await listSettings(ctx.database, 'watch')).items;
const find = async (name: string): Promise<ListedSetting | undefined> =>
  (await watch()).findLast((item) => item.name === name);

describe('an item that is set beside the file', () => {
  it('is listed behind those of the file, each with where it is set', async () => {
    put('data-bot');
    expect(await watch()).toMatchObject([
      {
        name: 'Release bot',
        place: { kind: 'file', path: '/etc/modeltrail/modeltrail.yaml', line: 3 },
        state: 'in-force',
      },
      { name: 'data-bot', place: { kind: 'here', by: 'administrator', revision: 1 }, state: 'waiting' },
    ]);
    mintFileInForce(ctx, YAML);
    expect(await find('data-bot')).toMatchObject({ state: 'in-force' });
  });

  it('is written down with what was before and after, in a chain that holds', async () => {
    put('a');
    put('a', { value: { identity: 'other@models.example' }, revision: 1 });
    switchSetting(ctx, { section: 'watch', name: 'a', enabled: false, revision: 2, actor: ACTOR });
    removeSetting(ctx, { section: 'watch', name: 'a', revision: 3, actor: { kind: 'token', name: 'ci' } });
    const entries = await listAudit(ctx.database, { chain: 'settings', target: 'watch/a', limit: 10 });
    expect(entries.map(({ action, actor, detail }) => [action, actor.kind, detail.before, detail.after])).toEqual([
      ['setting.removed', 'token', { name: 'a', identity: 'other@models.example' }, null],
      ['setting.disabled', 'user', undefined, undefined],
      [
        'setting.changed',
        'user',
        { name: 'a', identity: 'a@models.example' },
        { name: 'a', identity: 'other@models.example' },
      ],
      ['setting.added', 'user', null, { name: 'a', identity: 'a@models.example' }],
    ]);
    expect(await checkAuditChain(ctx.database, 'settings')).toBeNull();
  });

  it('is refused with the field and the mend where the jobs would not take it up', () => {
    expect(() => put('a', { value: { identity: { pattern: '[z-a]' } } })).toThrow(
      /identity\.pattern RE2 refuses the pattern at character 2: .*Correct the pattern/,
    );
    expect(() => put('a', { value: {} })).toThrow(/names nothing to look for/);
    expect(() => put('Release bot')).toThrow(/name is the name of an item of the file/);
    expect(() => put('release BOT')).toThrow(SettingRefusedError);
    const source = { section: 'sources', value: { directory: '/etc' } } as const;
    expect(() => put('s', source)).toThrow(/directory names a directory of the server; only the file may/);
    expect(ctx.database.db.select().from(settings).all()).toEqual([]);
  });

  it('is never changed over what somebody else made of it meanwhile', async () => {
    put('a');
    expect(() => put('a')).toThrow(SettingChangedError);
    put('a', { value: { identity: 'first@models.example' }, revision: 1 });
    expect(() => put('a', { value: { identity: 'second@models.example' }, revision: 1 })).toThrow(SettingChangedError);
    const change = { section: 'watch', name: 'a', revision: 1, actor: ACTOR } as const;
    expect(() => removeSetting(ctx, change)).toThrow(SettingChangedError);
    expect(() => switchSetting(ctx, { ...change, enabled: false })).toThrow(SettingChangedError);
    expect(() => put('gone', { revision: 4 })).toThrow(/It is gone/);
    expect((await find('a'))?.value).toMatchObject({ identity: 'first@models.example' });
    expect(await listAudit(ctx.database, { chain: 'settings', limit: 10 })).toHaveLength(2);
  });

  it('is set aside, and kept, once the file has its name', async () => {
    put('data-bot');
    mintFileInForce(ctx, `${YAML}  - { name: Data-Bot, identity: x@models.example }\n`);
    expect(await find('data-bot')).toMatchObject({ state: 'set-aside', isInFile: true });
    // That the file comes first is no fault that anybody must be woken for.
    expect(await settingsChecks()).toMatchObject([{ state: 'ok' }]);
    mintFileInForce(ctx, YAML);
    expect(await find('data-bot')).toMatchObject({ state: 'in-force' });
  });

  it('is set aside with a finding of health where this version cannot use it, and can be switched off and removed', async () => {
    const value = JSON.stringify({ name: 'old', identity: { regexp: 'x' } });
    const row = {
      section: 'watch',
      name: 'old',
      value,
      enabled: true,
      createdAt: 1,
      updatedAt: 1,
      revision: 1,
    } as const;
    ctx.database.db.insert(settings).values(row).run();
    mintFileInForce(ctx, YAML);
    expect(await find('old')).toMatchObject({
      state: 'set-aside',
      isInFile: false,
      place: { by: null },
      problems: expect.arrayContaining([expect.objectContaining({ path: ['identity', 'regexp'] })]),
    });
    expect(await settingsChecks()).toMatchObject([
      { state: 'degraded', subject: 'watch/old', what: expect.stringContaining('“old” of watch is set aside') },
    ]);
    const change = { section: 'watch', name: 'old', actor: ACTOR } as const;
    switchSetting(ctx, { ...change, enabled: false, revision: 1 });
    mintFileInForce(ctx, YAML);
    expect(await settingsChecks()).toMatchObject([{ state: 'ok' }]);
    expect(() => switchSetting(ctx, { ...change, enabled: true, revision: 2 })).toThrow(SettingRefusedError);
    removeSetting(ctx, { ...change, revision: 2 });
    expect(await find('old')).toBeUndefined();
  });

  it('cannot be changed where it is of the file, or is not there', () => {
    const change = { section: 'watch', name: 'Release bot', revision: 1, actor: ACTOR } as const;
    expect(() => removeSetting(ctx, change)).toThrow(SettingUnknownError);
    expect(() => switchSetting(ctx, { ...change, enabled: false })).toThrow(SettingUnknownError);
  });

  it('is refused before any configuration was in force', () => {
    ctx = openContext();
    expect(() => put('a')).toThrow(SettingsNotReadyError);
  });

  it('is given out as YAML that the file takes', async () => {
    put('quoted: "x" #', { value: { identity: { glob: '*@models.example' } } });
    put('off', { enabled: false });
    const yaml = await exportSettings(ctx.database);
    expect(yaml).toContain('# watch, switched off:\n# - identity: off@models.example');
    ctx.database.db.delete(settings).run();
    const head = YAML.slice(0, YAML.indexOf('watch:'));
    mintFileInForce(ctx, head + yaml);
    expect((await watch()).map(({ name, place }) => [name, place.kind])).toEqual([['quoted: "x" #', 'file']]);
  });
});

async function settingsChecks() {
  const { checks } = await getHealth(ctx.database, { now: ctx.now() });
  return checks.filter(({ name }) => name === 'settings');
}
