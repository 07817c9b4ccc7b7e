import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect, wrap } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { mergeArtifacts } from '#lib/services/graph/merge-artifacts.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { evaluateIncident, listToEvaluate } from '#lib/services/incident/evaluate.ts';
import { listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { setState } from '#lib/services/incident/set-state.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { RELEASE } from '../graph/mint-graph.ts';
import { mintLate, mintPoisoned, open, POISONED, RESPONDER } from './mint-incident.ts';

const folder = temporaryFolder();
const opened: { close(): void }[] = [];
let files = 0;
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  folder.remove();
});

/** The same database as two processes have it open; the second waits for nobody. */
function openTwice(): { ctx: TestContext; other: TestContext } {
  const path = join(folder.path, `between-${files++}.db`);
  const ctx = openContext(path);
  const sqlite = connect(path);
  sqlite.pragma('busy_timeout = 0');
  const other = { ...ctx, database: wrap(sqlite) };
  opened.push(ctx.database, other.database);
  return { ctx, other };
}

/** Has the other process write while the first works something out: at the end of its reading, before it writes. */
function whileWorkingOut(ctx: TestContext, writes: readonly (() => void)[]): void {
  const { db } = ctx.database;
  const begin = db.transaction.bind(db);
  const left = [...writes];
  vi.spyOn(db, 'transaction').mockImplementation((act, config) =>
    begin((tx) => {
      const done = act(tx);
      if (config?.behavior !== 'immediate') left.shift()?.();
      return done;
    }, config),
  );
}

const partsOf = async ({ database }: TestContext, id: string) =>
  (await listIncidentArtifacts(database, { id, filter: {}, limit: 200 })).artifacts.map(({ artifactId }) => artifactId);
const actionsOf = ({ database: { db } }: TestContext) =>
  db
    .select({ action: auditEntries.action })
    .from(auditEntries)
    .all()
    .map(({ action }) => action);

describe('working out a scope', () => {
  it('lets others write meanwhile, and has what they wrote, joined once', async () => {
    const { ctx, other } = openTwice();
    mintPoisoned(ctx);
    const { id } = open(ctx);
    const first = mintLate(ctx, 'first');
    const late: number[] = [];
    whileWorkingOut(ctx, [
      () => void late.push(mintLate(other, 'second')),
      () => void late.push(mintLate(other, 'third')),
    ]);
    const { joined } = evaluateIncident(ctx, id);
    expect(late).toHaveLength(2);
    expect([...joined].sort((a, b) => a - b)).toEqual([first, ...late]);
    expect(listToEvaluate(ctx)).toEqual([]);
    expect(evaluateIncident(ctx, id)).toMatchObject({ joined: [], left: [] });
    expect(actionsOf(ctx).filter((action) => action === 'incident.joined')).toHaveLength(1);
  });

  it('comes to an end where others write without end', async () => {
    const { ctx, other } = openTwice();
    mintPoisoned(ctx);
    const { id } = open(ctx);
    let writes = 0;
    whileWorkingOut(
      ctx,
      Array.from({ length: 50 }, (_, i) => () => {
        writes++;
        mintLate(other, `late ${i}`);
      }),
    );
    const { joined } = evaluateIncident(ctx, id);
    expect(writes).toBeGreaterThan(1);
    expect(writes).toBeLessThan(10);
    expect(joined).toHaveLength(writes);
  });

  it('leaves an incident alone that somebody closed meanwhile', async () => {
    const { ctx, other } = openTwice();
    mintPoisoned(ctx);
    const { id } = open(ctx);
    const before = await partsOf(ctx, id);
    mintLate(ctx);
    whileWorkingOut(ctx, [
      () => void setState(other, { id, actor: RESPONDER, state: 'closed', resolution: 'Retrained.' }),
    ]);
    expect(evaluateIncident(ctx, id)).toMatchObject({ joined: [], left: [] });
    expect(await partsOf(ctx, id)).toEqual(before);
  });

  it('goes by the scope that somebody set meanwhile', async () => {
    const { ctx, other } = openTwice();
    const { tuned, distilled } = mintPoisoned(ctx);
    const { id } = open(ctx);
    const late = mintLate(ctx);
    const none: Scope = { is: { kind: 'dataset', alias: 'nothing' } };
    whileWorkingOut(ctx, [() => void editScope(other, { id, actor: RESPONDER, scope: none })]);
    evaluateIncident(ctx, id);
    expect(await partsOf(ctx, id)).toEqual([]);
    editScope(ctx, { id, actor: RESPONDER, scope: POISONED });
    expect(await partsOf(ctx, id)).toEqual([tuned, late, distilled]);
  });

  it('goes by what two things became that turned out to be one meanwhile', async () => {
    const { ctx, other } = openTwice();
    const { tuned } = mintPoisoned(ctx);
    const { id } = open(ctx);
    const late = mintLate(ctx);
    whileWorkingOut(ctx, [
      () =>
        other.database.db.transaction((tx) => {
          mergeArtifacts(tx, tuned, late);
          mintLate(other, 'cause');
        }),
    ]);
    expect(evaluateIncident(ctx, id).joined).not.toContain(late);
    expect(await partsOf(ctx, id)).toContain(tuned);
  });

  it('of a new incident has what came while it was opened', async () => {
    const { ctx, other } = openTwice();
    const { tuned, distilled } = mintPoisoned(ctx);
    const late: number[] = [];
    whileWorkingOut(ctx, [() => void late.push(mintLate(other))]);
    const { id } = open(ctx);
    expect(late).toHaveLength(1);
    expect((await partsOf(ctx, id)).sort((a, b) => a - b)).toEqual([tuned, distilled, ...late]);
    expect(listToEvaluate(ctx)).toEqual([]);
  });

  it('of an edited scope has what came meanwhile, and is one entry of the audit trail', async () => {
    const { ctx, other } = openTwice();
    mintPoisoned(ctx);
    const { id, updatedAt } = open(ctx);
    const late: number[] = [];
    whileWorkingOut(ctx, [() => void late.push(mintLate(other))]);
    const scope: Scope = { any: [POISONED, { is: { kind: 'identity', identity: RELEASE.san } }] };
    editScope(ctx, { id, actor: RESPONDER, scope, seen: updatedAt });
    expect(late).toHaveLength(1);
    expect(await partsOf(ctx, id)).toEqual(expect.arrayContaining(late));
    expect(actionsOf(ctx).filter((action) => action === 'incident.scope-edited')).toHaveLength(1);
    expect(listToEvaluate(ctx)).toEqual([]);
  });

  it('refuses an edit of what somebody else changed meanwhile', () => {
    const { ctx, other } = openTwice();
    mintPoisoned(ctx);
    const { id, updatedAt } = open(ctx);
    whileWorkingOut(ctx, [() => void setState(other, { id, actor: RESPONDER, state: 'under-review' })]);
    expect(() => editScope(ctx, { id, actor: RESPONDER, scope: POISONED, seen: updatedAt })).toThrow(
      /was changed since you looked at it/,
    );
  });
});
