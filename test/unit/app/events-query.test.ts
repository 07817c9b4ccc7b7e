import { describe, expect, it } from 'vitest';
import { readEventsQuery } from '#app/_events/query.ts';
import { eventsUrl, loadEventsQuery } from '#app/_server/events-url.ts';

describe('the address of the events list', () => {
  it('says every filter, and gives it back', () => {
    const query = loadEventsQuery({
      q: 'models & more',
      identity: 'https://github.com/a/b@refs/tags/v1?x=1#y',
      issuer: 'https://accounts.models.example',
      claim: 'unclaimed',
      authenticity: 'verified',
      log: '2',
      rule: 'Release bot',
      from: '2026-03-12',
      to: '2026-03-13 09:00',
      undecided: 'true',
      own: 'true',
    });
    const url = new URL(eventsUrl(query), 'http://localhost');
    expect(loadEventsQuery(url.searchParams)).toEqual(query);
    expect(readEventsQuery(query)).toEqual({
      problems: [],
      filter: {
        search: 'models & more',
        identity: 'https://github.com/a/b@refs/tags/v1?x=1#y',
        issuer: 'https://accounts.models.example',
        claim: 'unclaimed',
        authenticity: 'verified',
        logId: 2,
        rule: 'Release bot',
        from: Date.UTC(2026, 2, 12),
        to: Date.UTC(2026, 2, 13, 9, 1),
        undecided: true,
        own: true,
      },
    });
  });

  it('narrows nothing by what it cannot understand, and says so where somebody typed it', () => {
    const { filter, problems } = readEventsQuery(
      loadEventsQuery({ q: 'ab', claim: 'nonsense', log: '-4', from: 'soon', own: 'perhaps' }),
    );
    expect(filter).toEqual({});
    expect(problems).toHaveLength(2);
    expect(problems.join(' ')).toContain('“soon” is no time');
  });
});
