import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditEntries } from '#db/schema/audit.ts';
import { INCIDENT_STATE, type IncidentState, NEXT_STATES } from '#lib/provenance/incident-words.ts';
import { assignIncident } from '#lib/services/incident/assign.ts';
import { decideArtifacts } from '#lib/services/incident/decide.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { getIncident } from '#lib/services/incident/get.ts';
import { linkEvent } from '#lib/services/incident/link-event.ts';
import { listIncidents } from '#lib/services/incident/list.ts';
import { listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { listIncidentAudit } from '#lib/services/incident/list-audit.ts';
import { addNote } from '#lib/services/incident/note.ts';
import { setNotice } from '#lib/services/incident/set-notice.ts';
import { setSeverity } from '#lib/services/incident/set-severity.ts';
import { setState } from '#lib/services/incident/set-state.ts';
import { unlinkEvent } from '#lib/services/incident/unlink-event.ts';
import { mintEvent } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { mintPoisoned, mintUser, open, POISONED, RESPONDER } from './mint-incident.ts';

const by = (id: string, seen?: number) => ({ id, actor: RESPONDER, seen });

async function actionsOf(ctx: TestContext, id: string): Promise<string[]> {
  const { entries, fault } = await listIncidentAudit(ctx.database, { id, limit: 100 });
  expect(fault).toBeNull();
  return entries.map(({ action }) => action).reverse();
}

describe('an incident', () => {
  it('opens with what its scope reaches, in tiers, and a number for people', async () => {
    const ctx = openContext();
    const { tuned, distilled } = mintPoisoned(ctx);
    const { id, number } = open(ctx);
    open(ctx, { title: 'Another' });
    const { artifacts } = await listIncidentArtifacts(ctx.database, { id, filter: {}, limit: 10 });
    expect(artifacts.map(({ artifactId, tier }) => [artifactId, tier])).toEqual([
      [tuned, 'proven'],
      [distilled, 'descendant'],
    ]);
    expect(artifacts[0]?.path.at(-1)?.artifactId).toBe(tuned);
    expect(number).toBe(1);
    expect(await getIncident(ctx.database, '#1')).toMatchObject({
      id,
      counts: { total: 2, undecided: 2, deployed: 0 },
    });
    const { incidents } = await listIncidents(ctx.database, { filter: {}, limit: 10 });
    expect(incidents.map((incident) => incident.number)).toEqual([2, 1]);
  });

  it('goes from open to closed and back, only by the ways there are', () => {
    for (const from of Object.keys(INCIDENT_STATE) as IncidentState[]) {
      for (const to of Object.keys(INCIDENT_STATE) as IncidentState[]) {
        const ctx = openContext();
        const { id } = open(ctx);
        if (from !== 'open') setState(ctx, { ...by(id), state: from, resolution: 'Done.' });
        const move = () => setState(ctx, { ...by(id), state: to, resolution: 'Done.' }).state;
        if (from === to || NEXT_STATES[from].includes(to)) expect(move()).toBe(to);
        else expect(move).toThrow(`is “${INCIDENT_STATE[from].word}”`);
      }
    }
  });

  it('closes only with a resolution, and says which artifacts stay undecided', async () => {
    const ctx = openContext();
    const { tuned, distilled } = mintPoisoned(ctx);
    const { id } = open(ctx);
    decideArtifacts(ctx, { ...by(id), artifactIds: [tuned], decision: 'affected', reason: 'Trained on it.' });
    expect(() => setState(ctx, { ...by(id), state: 'closed', resolution: ' ' })).toThrow('The resolution is empty');
    setState(ctx, { ...by(id), state: 'closed', resolution: 'Retrained.' });
    const { entries } = await listIncidentAudit(ctx.database, { id, limit: 1 });
    expect(entries[0]?.detail).toMatchObject({
      resolution: 'Retrained.',
      undecided: 1,
      artifacts: [{ artifactId: distilled, name: expect.stringContaining('distilled') }],
    });
    expect(await getIncident(ctx.database, id)).toMatchObject({
      resolution: 'Retrained.',
      closedAt: expect.any(Number),
    });
    expect(() => editScope(ctx, { ...by(id), scope: POISONED })).toThrow('Reopen it');
    setState(ctx, { ...by(id), state: 'open' });
    expect(await getIncident(ctx.database, id)).toMatchObject({ resolution: null, closedAt: null });
  });

  it('writes down every change in a chain of hashes, and none that changes nothing', async () => {
    const ctx = openContext();
    const { tuned } = mintPoisoned(ctx);
    mintUser(ctx, 'usr_2');
    const { id: eventId } = mintEvent(ctx.database, null);
    const { id } = open(ctx);
    for (let i = 0; i < 2; i++) {
      assignIncident(ctx, { ...by(id), ownerId: 'usr_2' });
      setSeverity(ctx, { ...by(id), severity: 'critical' });
      setNotice(ctx, { ...by(id), notice: 'Do not use it.' });
      linkEvent(ctx, { ...by(id), eventId, note: 'The first signing.' });
    }
    addNote(ctx, { ...by(id), text: 'Line one\r\nline two' });
    decideArtifacts(ctx, { ...by(id), artifactIds: [tuned, tuned], decision: 'cleared', reason: 'Another split.' });
    unlinkEvent(ctx, { ...by(id), eventId });
    unlinkEvent(ctx, { ...by(id), eventId });
    setNotice(ctx, { ...by(id), notice: null });
    expect(await actionsOf(ctx, id)).toEqual([
      'incident.opened',
      'incident.assigned',
      'incident.severity-set',
      'incident.notice-set',
      'incident.event-linked',
      'incident.noted',
      'incident.decided',
      'incident.event-unlinked',
      'incident.notice-withdrawn',
    ]);
  });

  it('shows that a row of its trail was changed', async () => {
    const ctx = openContext();
    const { id } = open(ctx);
    addNote(ctx, { ...by(id), text: 'What was found.' });
    const { db } = ctx.database;
    db.update(auditEntries)
      .set({ detail: '{"text":"Nothing."}' })
      .where(eq(auditEntries.action, 'incident.noted'))
      .run();
    const { fault } = await listIncidentAudit(ctx.database, { id, limit: 1 });
    expect(fault).toMatchObject({ seq: 2 });
  });

  it('refuses a form that was opened before another change, and says what changed', async () => {
    const ctx = openContext();
    const { id, updatedAt } = open(ctx);
    setSeverity(ctx, { ...by(id, updatedAt), severity: 'low' });
    const stale = () => setState(ctx, { ...by(id, updatedAt), state: 'contained' });
    expect(stale).toThrow('Incident #1 was changed since you looked at it: On call set the severity.');
    expect(await getIncident(ctx.database, id)).toMatchObject({ state: 'open', severity: 'low' });
  });

  it('refuses texts that are empty, too long or no text, and owners that nobody is', () => {
    const ctx = openContext();
    mintUser(ctx, 'usr_3', { disabledAt: 1 });
    const { id } = open(ctx);
    expect(() => addNote(ctx, { ...by(id), text: ' \n ' })).toThrow('The note is empty');
    expect(() => addNote(ctx, { ...by(id), text: 'x'.repeat(8001) })).toThrow('longer than 8000');
    expect(() => addNote(ctx, { ...by(id), text: 'a\u0000b' })).toThrow('no text');
    expect(() => open(ctx, { title: 'two\nlines' })).toThrow('more than one line');
    expect(() => assignIncident(ctx, { ...by(id), ownerId: 'usr_3' })).toThrow('nobody who may sign in');
    expect(() => addNote(ctx, { ...by('inc_0'), text: 'x' })).toThrow('There is no incident inc_0');
  });

  it('decides about none where one is no part of it', async () => {
    const ctx = openContext();
    const { tuned } = mintPoisoned(ctx);
    const { id } = open(ctx);
    const decide = () =>
      decideArtifacts(ctx, { ...by(id), artifactIds: [tuned, 99_999], decision: 'affected', reason: 'All of them.' });
    expect(decide).toThrow('Artifact 99999 is no part of incident #1');
    expect(await getIncident(ctx.database, id)).toMatchObject({ counts: { undecided: 2 } });
  });
});
