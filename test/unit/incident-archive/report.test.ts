import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCsv } from '#lib/incident-archive/csv.ts';
import type { ArchiveDocuments } from '#lib/incident-archive/documents.ts';
import { FILE } from '#lib/incident-archive/layout.ts';
import { renderReports } from '#lib/incident-archive/render.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><svg/onload=alert(1)>',
  '&lt;b&gt;',
  '[click](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  '`code` | cell | <https://evil.example>',
  'https://evil.example/path www.evil.example a@evil.example',
  '# heading',
  'right\u202eleft\u0000null\u001b[31m',
  'two\nlines\r\nof it',
];

/** Documents in which every text that comes from outside is `text`. */
function mintDocuments(text: string): ArchiveDocuments {
  const sha256 = mintHex('digest');
  const [bundleId, eventId] = [`bdl_${'a'.repeat(24)}`, `evt_${'b'.repeat(24)}`];
  const signer = { san: text, issuer: text };
  const decision = { decision: 'affected' as const, at: MINT_TIME, reason: text };
  return {
    incident: {
      id: `inc_${'c'.repeat(32)}`,
      number: 7,
      title: text,
      state: 'open',
      severity: 'high',
      owner: text,
      openedAt: MINT_TIME,
      updatedAt: MINT_TIME,
      closedAt: null,
      evaluatedAt: MINT_TIME,
      scope: { all: [{ is: { kind: 'dataset', alias: text } }, { is: { kind: text, x: text, y: 1 } }] },
      notice: { wording: text, publicAt: MINT_TIME },
      audit: { entries: 1, lastHash: sha256 },
      exportedAt: MINT_TIME,
    },
    affected: {
      artifacts: [
        {
          id: 1,
          kind: 'model',
          name: text,
          aliases: [{ scheme: text, value: text, kind: text }],
          versions: [{ model: text, label: text, root: sha256 }],
          signedBy: [bundleId],
          deployments: [{ environment: text, service: text, startedAt: 1, confirmedAt: 2, endedAt: null }],
        },
      ],
      affected: [
        {
          artifact: 1,
          tier: 'declared',
          path: [{ artifact: 1, link: 1, proofs: [text], because: text }],
          addedAt: MINT_TIME,
          leftAt: null,
          joined: true,
          decision,
        },
      ],
    },
    links: [
      {
        id: 1,
        child: 1,
        parent: 1,
        role: 'dataset',
        basis: 'attester',
        state: 'verified',
        reason: text,
        statedBy: { bundle: bundleId },
        at: text,
        name: text,
        uri: text,
        digests: [],
        subject: null,
        input: { scheme: text, value: text },
      },
    ],
    bundles: [
      {
        id: bundleId,
        sha256,
        state: 'verified',
        method: 'sigstore',
        signer,
        keySha256: null,
        signedAt: MINT_TIME,
        signedAtSource: 'sct',
        predicateType: text,
        event: eventId,
        linkedBy: 'leaf',
        firstSeenAt: MINT_TIME,
      },
    ],
    events: [
      {
        id: eventId,
        linked: { note: text, addedAt: MINT_TIME },
        kind: text,
        signer,
        publicKeySha256: null,
        authenticity: 'verified',
        signedAt: MINT_TIME,
        signedAtSource: 'sct',
        firstSeenAt: MINT_TIME,
        log: { origin: text, api: 'rekor-v2', index: 3 },
        proof: true,
      },
    ],
    declarations: [{ id: 12, artifact: 1, source: text, path: text, kind: text, sha256, inputs: [] }],
    trust: {
      root: { file: FILE.trustedRoot, sha256 },
      earlier: [],
      keys: [{ name: text, file: 'trust/keys/x.pem' }],
      authorities: [{ name: text, file: 'trust/authorities/1.pem' }],
      logs: [],
      problem: text,
    },
    audit: [
      {
        chain: 'x',
        seq: 1,
        at: MINT_TIME,
        actor: JSON.stringify({ kind: 'user', id: 'usr_1', name: text }),
        action: text,
        target: text,
        detail: JSON.stringify({ text }),
        previous: sha256,
        hash: sha256,
      },
    ],
  };
}

const render = (text: string) => renderReports(mintDocuments(text));
/** The tags of a page, each as it stands. */
const tagsOf = (html: string) => html.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[^>]*>/g) ?? [];

describe('the report as HTML', () => {
  it.each(HOSTILE)('has the tags of our own and no others, with %j in every text', (text) => {
    const html = render(text)[FILE.reportHtml];
    const ours = new Set(tagsOf(render('plain')[FILE.reportHtml]));
    // A notice of more lines has more paragraphs, of the same kind.
    expect(tagsOf(html).filter((tag) => !ours.has(tag))).toEqual([]);
    expect(html).not.toMatch(/<script|<img|<svg|<a /);
  });

  it('is never broken out of, whatever the texts', () => {
    const ours = new Set(tagsOf(render('plain')[FILE.reportHtml]));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(tagsOf(render(text)[FILE.reportHtml]).filter((tag) => !ours.has(tag))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('allows nothing but its own style, and asks nobody for anything', () => {
    const html = render('plain')[FILE.reportHtml];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/\b(?:src|href|action)=/);
    expect(style).not.toMatch(/url\(|@import|expression/);
  });

  it('writes out what hides or reorders text', () => {
    expect(render('a\u202eb')[FILE.reportHtml]).toContain('a\\u{202e}b');
  });
});

describe('the report as Markdown', () => {
  it.each(HOSTILE)('takes no markup from %j', (text) => {
    const markdown = render(text)[FILE.reportMarkdown];
    const lines = markdown.split('\n');
    // Our own headings, lists and tables are as many as with a plain text, but for the lines of the notice.
    const plain = render('plain')[FILE.reportMarkdown].split('\n');
    const isOurs = (line: string) => /^(#{1,3} |\| |> |\s*- |\d+\. )/.test(line);
    const quoted = lines.filter((line) => line.startsWith('> ')).length;
    expect(lines.filter(isOurs).length - quoted).toBe(plain.filter(isOurs).length - 1);
    expect(markdown).not.toMatch(/(?<!\\)[<[\]`&@]|(?<!\\):\/\/|www\./i);
  });
});

describe('what is affected as CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("https://evil.example","x")', '＝1'])(
    'gives %j to no spreadsheet as a formula',
    (text) => {
      const csv = renderCsv(mintDocuments(text));
      const cells = [...csv.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell);
      expect(cells.length).toBeGreaterThan(20);
      expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
    },
  );

  it('keeps rows and cells whole, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const csv = renderCsv(mintDocuments(text));
        const [head, row, end] = csv.split('\r\n');
        expect(end).toBe('');
        const count = (line = '') => [...line.matchAll(/"(?:[^"]|"")*"/g)].length;
        expect(count(row)).toBe(count(head));
        expect(row).not.toMatch(/[\t\r\n\u202e\0]/);
      }),
    );
  });
});

describe('the report', () => {
  it('is the same for the same documents, in every form', () => {
    expect(render('plain')).toEqual(render('plain'));
  });

  // Whoever verifies makes it again: a change of a word is another version of the format (ARCHIVE_VERSION).
  it('is, to the byte, that of version 1 of the format', () => {
    const digests = Object.values(render('plain')).map((text) =>
      createHash('sha256').update(text).digest('hex').slice(0, 16),
    );
    expect(digests).toMatchInlineSnapshot(`
      [
        "dc58c455ac0e0121",
        "30c32e8c6cd1ed9d",
        "514110a155bf2701",
      ]
    `);
  });
});
