import { describe, expect, it } from 'vitest';
import { attentionGroups, countAttention } from '#app/_server/attention-groups.ts';
import type { Situation } from '#app/_server/overview.ts';
import { FINDING_KINDS } from '#lib/provenance/findings.ts';

const NOW = 1_800_000_000_000;

const log = {
  id: 1,
  origin: 'log.example',
  api: 'rekor-v2',
  instance: 'log.example',
  treeId: null,
  indexOffset: 0,
  finalSize: null,
  reading: 'entries',
  readUrl: 'https://log.example',
  logId: 'ab',
  keyDetails: 'PKIX_ED25519',
  source: 'trusted-root',
  state: 'following',
  startIndex: 0,
  downloadedSize: 9,
  verifiedSize: 9,
  observedSize: 9,
  lastAttemptAt: NOW - 1000,
  lastSuccessAt: NOW - 1000,
  rate: null,
  mirror: 'matches',
  mirrorSize: 0,
  mirrorBytes: 0,
  mirrorProblem: null,
  createdAt: 0,
  coverage: [],
  coverageRanges: 0,
  coveredEntries: 0,
  lastCheckpoint: null,
  openBackfills: [],
  openFaults: [],
  pastFaults: 0,
} as const satisfies Situation['logs'][number];

const calm: Situation = {
  alerts: { new: 0, acknowledged: 0, muted: 0, resolved: 0 },
  now: NOW,
  configuration: {
    isKnown: true,
    path: null,
    organisation: null,
    watch: [],
    sources: [],
    poll: 30_000,
    mirrorLimit: null,
    inForceSince: 0,
    refused: null,
    trust: null,
  },
  health: { state: 'ok', checks: [], jobs: { isRunning: true, lastSeenAt: NOW, runs: [] } },
  logs: [log],
  attention: {
    unexpected: [],
    unclaimed: [],
    impersonations: [],
    lookAlikes: [],
    undecided: [],
    ruleGaps: [],
    refusedFiles: [],
    findings: [],
    failingSources: [],
    certificates: { unused: [], missing: [] },
  },
};

const fault = {
  id: 1,
  logId: 1,
  code: 'inconsistent',
  severity: 'misbehaviour',
  message: 'Two roots.',
  firstAt: NOW,
  lastAt: NOW,
  count: 1,
  resolvedAt: null,
  hasEvidence: true,
} as const;
const group = { san: 'bot@models.example', issuer: 'https://a.example', count: 3, latestAt: NOW };

describe('what needs attention', () => {
  it('is nothing when all is well', () => {
    expect(attentionGroups(calm)).toEqual([]);
  });

  it('has the worst first: dead jobs, lying logs, impersonations, then unclaimed signings', () => {
    const groups = attentionGroups({
      ...calm,
      health: {
        state: 'failing',
        checks: [
          { name: 'jobs', subject: null, state: 'failing', what: 'No jobs.', since: null, mend: null },
          { name: 'log', subject: 'log.example', state: 'failing', what: 'Frozen.', since: null, mend: null },
          { name: 'canary', subject: null, state: 'failing', what: 'Not seen.', since: NOW, mend: 'Look.' },
          { name: 'trust', subject: null, state: 'ok', what: 'Fresh.', since: null, mend: null },
        ],
        jobs: { isRunning: false, lastSeenAt: null, runs: [] },
      },
      logs: [
        { ...log, state: 'frozen', openFaults: [fault] },
        { ...log, id: 2, origin: 'log2.example', lastSuccessAt: NOW - 3_600_000 },
        { ...log, id: 3, origin: 'log3.example', openFaults: [{ ...fault, code: 'withheld', severity: 'failure' }] },
        { ...log, id: 4, origin: 'log4.example', mirror: 'full', mirrorProblem: 'The limit of 100 GB is reached.' },
      ],
      configuration: { ...calm.configuration, refused: { message: 'line 3', at: NOW } },
      attention: {
        unexpected: [group],
        unclaimed: [group],
        impersonations: [group],
        lookAlikes: [{ ...group, rule: 'Release bot' }],
        undecided: [{ rule: 'Release bot', value: 'bot', count: 1, latestAt: NOW }],
        ruleGaps: [{ logId: 1, origin: 'log.example', rules: ['Release bot', 'Old key'], entries: 5 }],
        refusedFiles: [{ code: 'not-json', reason: 'No JSON.', count: 2, latestAt: NOW }],
        findings: FINDING_KINDS.map((kind) => ({
          id: `fnd_${kind}`,
          kind,
          statement: 'Look at it.',
          firstAt: NOW,
          model: 'northwind-vision',
          slug: 'northwind-vision',
          versionId: 'ver_1',
        })),
        failingSources: [{ name: 'registry', error: 'It does not answer.', at: NOW }],
        certificates: {
          unused: [group],
          missing: [{ ...group, eventId: 'evt_1', reason: 'The log does not have it.' }],
        },
      },
    });
    expect(groups.map(({ key }) => key)).toEqual([
      'jobs',
      'frozen',
      'withheld',
      'impersonations',
      'missing-certificates',
      'unused-certificates',
      'look-alikes',
      ...FINDING_KINDS,
      'unexpected',
      'unclaimed',
      'undecided',
      'configuration',
      'silent',
      'rule-gaps',
      'mirrors',
      'sources',
      'files',
      'health',
    ]);
    expect(groups.at(-1)?.items.map(({ about }) => about)).toEqual([['Not seen. Look.']]);
    expect(countAttention(groups)).toBe(27);
  });

  it('leads from each group of events to exactly those events', () => {
    const [unclaimed] = attentionGroups({ ...calm, attention: { ...calm.attention, unclaimed: [group] } });
    const url = new URL(unclaimed?.items[0]?.link?.href ?? '', 'http://localhost');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      identity: 'bot@models.example',
      issuer: 'https://a.example',
      claim: 'unclaimed',
      authenticity: 'verified',
      own: 'true',
      undeclared: 'true',
    });
  });

  it('does not call a log silent that is only catching up, removed or not contacted yet', () => {
    for (const change of [
      { observedSize: 99 },
      { state: 'removed' as const, lastSuccessAt: 0 },
      { lastSuccessAt: null },
    ]) {
      expect(attentionGroups({ ...calm, logs: [{ ...log, ...change }] })).toEqual([]);
    }
  });
});
