import { describe, expect, it } from 'vitest';
import {
  AUTHENTICITY,
  CHECK_OUTCOME,
  CLAIM,
  LOGGED,
  type LogFacts,
  logState,
  staleAfter,
  timeLeft,
} from '#lib/provenance/state.ts';

const NOW = 1_800_000_000_000;

const log: LogFacts = {
  state: 'following',
  verifiedSize: 10,
  observedSize: 10,
  lastSuccessAt: NOW - 1000,
  openFaults: 0,
  reading: 'entries',
  poll: 30_000,
};

describe('states', () => {
  it('have different words, so that none rests on its colour', () => {
    for (const states of [AUTHENTICITY, CLAIM, CHECK_OUTCOME, LOGGED]) {
      const words = Object.values(states).map(({ word }) => word);
      expect(new Set(words).size).toBe(words.length);
    }
  });
});

describe('the word for a log', () => {
  const word = (change: Partial<LogFacts>) => logState({ ...log, ...change }, NOW).word;

  it('is the worst of what is true of it', () => {
    expect(word({})).toBe('Up to date');
    expect(word({ observedSize: 11 })).toBe('Catching up');
    expect(word({ observedSize: 11, lastSuccessAt: NOW - staleAfter(30_000) - 1 })).toBe('Stale');
    expect(word({ openFaults: 1, lastSuccessAt: 0 })).toBe('Failing');
    expect(word({ lastSuccessAt: null })).toBe('Not contacted');
    expect(word({ lastSuccessAt: null, openFaults: 2 })).toBe('Never reached');
    expect(word({ state: 'frozen', openFaults: 3 })).toBe('Frozen');
    expect(word({ state: 'removed', lastSuccessAt: null })).toBe('Removed');
  });

  it('claims nothing of the entries of a log of which heads alone are proved', () => {
    expect(logState(log, NOW).meaning).toContain('Every entry');
    expect(logState({ ...log, reading: 'index' }, NOW).meaning).toContain('entries are not read one by one');
  });

  it('is proven for nothing but a log that is read to its newest checkpoint', () => {
    for (const change of [
      { observedSize: 11 },
      { openFaults: 1 },
      { lastSuccessAt: null },
      { lastSuccessAt: 0 },
      { state: 'frozen' as const },
    ]) {
      expect(logState({ ...log, ...change }, NOW).tone).not.toBe('proven');
    }
  });
});

describe('the time left of a catch-up', () => {
  it('is backlog by rate, and unknown without a rate', () => {
    expect(timeLeft({ verifiedSize: 0, observedSize: 1000, rate: 500 })).toBe(2000);
    expect(timeLeft({ verifiedSize: 0, observedSize: 1000, rate: null })).toBeNull();
    expect(timeLeft({ verifiedSize: 9, observedSize: 9, rate: 500 })).toBeNull();
  });
});
