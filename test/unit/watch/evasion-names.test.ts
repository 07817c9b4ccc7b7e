import { describe, expect, it } from 'vitest';
import type { MatchNote } from '#lib/watch/match-note.ts';
import type { RuleMatch } from '#lib/watch/rule.ts';
import { dns, email, extension, name, otherName, sequence, uri } from './der-builder.ts';
import { BOT, bot, see, WORKFLOW, workflow } from './evasion.ts';

/** The text with a change to it, in Latin-1: one octet a character. */
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('a watched name in an unusual place', () => {
  it('is found behind other names, and the certificate is odd', () => {
    const { matches, odd } = see({ sans: [uri('https://x.example'), dns('y.example'), email(BOT)] }, bot);
    expect(matches).toMatchObject([{ how: 'exact' }]);
    expect(odd).toContain('The certificate names 3 identities; Fulcio writes one.');
  });

  it('is found in a second extension of alternative names', () => {
    const second = extension('2.5.29.17', sequence(email(BOT)));
    const { matches, odd } = see({ sans: [email('a@x.example')], extensions: [second] }, { ...bot, name: 'any' });
    expect(matches).toMatchObject([{ how: 'folded', notes: ['issuer-missing'] }]);
    expect(odd).toContain('The extension 2.5.29.17 stands 2 times; one is allowed.');
  });

  it('is found as a user name in an OtherName, of whatever type', () => {
    const user = { name: 'user', own: true, identity: { exact: 'bot!models.example' } };
    expect(see({ sans: [otherName('bot!models.example')] }, user).matches).toMatchObject([{ how: 'exact' }]);
    const { matches, odd } = see({ sans: [otherName('bot!models.example', '1.3.6.1.4.1.311.20.2.3')] }, user);
    expect(matches).toHaveLength(1);
    expect(odd).toContain('The name is of a type that Fulcio does not use (1.3.6.1.4.1.311.20.2.3).');
  });

  it('is found as another kind of name, unless the rule asks for one kind', () => {
    expect(see({ sans: [uri(BOT)] }, bot).matches).toHaveLength(1);
    expect(see({ sans: [dns(BOT)] }, bot).matches).toHaveLength(1);
    expect(see({ sans: [uri(BOT)] }, { ...bot, sanType: 'email' }).matches).toEqual([]);
  });

  it('does not count in the subject: Fulcio writes none, and nobody verifies one', () => {
    const { matches, facts } = see({ sans: [email('a@x.example')], subject: name(['2.5.4.3', BOT]) }, bot);
    expect(matches).toEqual([]);
    expect(facts.subjectName).toContain(BOT);
  });
});

describe('bytes that another reader makes the watched name of', () => {
  it('high bits: what loses bit 7 in ASCII is not the name, for it does not look like it either', () => {
    // Node's `ascii` reads 0xF2 as "r".
    const masked = latin1(`\xf2${BOT.slice(1)}`);
    const { matches, odd } = see({ sans: [email(masked)] }, bot);
    expect(matches.filter(({ how }) => how !== 'look-alike')).toEqual([]);
    expect(odd).toContain('The name has bytes that its type does not allow (not ASCII).');
  });

  it('high bits: Latin-1 letters with accents look like it', () => {
    const { matches } = see({ sans: [email(latin1('r\xe9lease-bot@models.example'))] }, bot);
    expect(matches).toMatchObject([{ how: 'look-alike', own: false, notes: ['not-utf8', 'look-alike'] }]);
  });

  it.each<[what: string, value: string, how: RuleMatch['how'], notes: MatchNote[]]>([
    ['a NUL and another domain', `${BOT}\0.evil.example`, 'folded', ['cut-at-nul']],
    ['a NUL within', 'release-\0bot@models.example', 'look-alike', ['zero-width']],
    ['upper case', BOT.toUpperCase(), 'folded', ['case']],
    ['a final dot', `${BOT}.`, 'folded', ['trailing-dot']],
    ['percent-encoding', 'release-bot%40models.example', 'folded', ['percent-encoding']],
  ])('%s', (_, value, how, notes) => {
    expect(see({ sans: [email(value)] }, bot).matches).toMatchObject([{ how, notes }]);
  });

  it.each<[what: string, value: string, notes: MatchNote[]]>([
    ['a line break', `${BOT}\n`, ['zero-width']],
    ['a control character', 'release-\x07bot@models.example', ['zero-width']],
    ['a zero-width space', 'release-\u200bbot@models.example', ['zero-width']],
    ['a zero-width joiner', 'release-\u200dbot@models.example', ['zero-width']],
    ['a word joiner', 'release-bot@\u2060models.example', ['zero-width']],
    ['a byte order mark', `\ufeff${BOT}`, ['zero-width']],
    ['a soft hyphen', 'release-bot@models.ex\u00adample', ['zero-width']],
    ['a variation selector', 'release-bot\ufe0f@models.example', ['zero-width']],
    ['an override of direction', `\u202d${BOT}\u202c`, ['bidi']],
    ['an isolate', `\u2068${BOT}\u2069`, ['bidi']],
    ['a right-to-left mark', 'release-bot\u200f@models.example', ['bidi']],
  ])('%s is shown, and is another name', (_, value, notes) => {
    const [match] = see({ sans: [email(value)] }, bot).matches;
    expect(match).toMatchObject({ how: 'look-alike', own: false, notes });
    expect(match?.value).toMatch(/^[\x20-\x7e]+$/);
    expect(match?.value).toContain('\\u{');
  });
});

describe('letters that look alike', () => {
  it.each([
    ['0 for o', 'release-b0t@models.example'],
    ['1 for l', 're1ease-bot@models.example'],
    ['I for l', 'reIease-bot@models.example'],
    ['rn for m', 'release-bot@rnodels.example'],
    ['Cyrillic in the local part', 'r\u0435lease-bot@models.example'],
    ['Greek in the domain', 'release-bot@m\u03bfdels.example'],
    ['Armenian', 'release-b\u0585t@models.example'],
    ['fullwidth', '\uff52elease-bot@models.example'],
    ['mathematical', '\u{1d42b}elease-bot@models.example'],
    ['a combining mark', 'release-bo\u0323t@models.example'],
    ['another full stop', 'release-bot@models\u3002example'],
    ['another hyphen', 'release\u2011bot@models.example'],
    ['the domain in Punycode', 'release-bot@xn--mdels-jye.example'],
  ])('in a name: %s', (_, value) => {
    for (const san of [email(value), otherName(value)]) {
      expect(see({ sans: [san] }, bot).matches).toMatchObject([{ how: 'look-alike', own: false }]);
    }
  });

  it.each([
    ['the host', WORKFLOW.replace('github', 'g\u0456thub')],
    ['the organisation', WORKFLOW.replace('acme', 'acrne')],
    ['the file', WORKFLOW.replace('release', 're1ease')],
    ['the slashes', WORKFLOW.replace('/acme/', '\u2215acme/')],
    ['the dot', WORKFLOW.replace('.yml', '\u2024yml')],
  ])('in a workflow: %s', (_, value) => {
    expect(see({ sans: [uri(value)] }, workflow).matches).toMatchObject([{ how: 'look-alike', notes: ['look-alike'] }]);
  });

  it('never hide the real name beside them', () => {
    const { matches } = see({ sans: [email('release-b0t@models.example'), email(BOT)] }, bot);
    expect(matches).toMatchObject([{ how: 'exact', own: true, value: BOT }]);
  });
});

describe('a path that leads elsewhere', () => {
  const exact = { name: 'exact', own: true, identity: { exact: WORKFLOW } };

  it.each([
    ['steps back', WORKFLOW.replace('/acme/', '/evil/../acme/'), ['dot-segments']],
    ['steps that stay', WORKFLOW.replace('/acme/', '/./acme/'), ['dot-segments']],
    [
      'steps back, percent-encoded',
      WORKFLOW.replace('/acme/', '/evil/%2e%2e/acme/'),
      ['percent-encoding', 'dot-segments'],
    ],
    ['a host with a final dot', WORKFLOW.replace('github.com', 'github.com.'), ['trailing-dot']],
    ['all of it', WORKFLOW.replace('github.com/', 'GitHub.com./evil/../'), ['trailing-dot', 'dot-segments', 'case']],
  ])('to the watched workflow matches as folded: %s', (_, value, notes) => {
    expect(see({ sans: [uri(value)] }, exact).matches).toMatchObject([{ how: 'folded', notes }]);
  });

  it('away from the watched workflow is no match', () => {
    const away = WORKFLOW.replace('/models/', '/../evil/');
    expect(see({ sans: [uri(away)] }, exact).matches).toEqual([]);
  });
});
