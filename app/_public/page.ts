import { forbidsUse, PUBLIC } from '#lib/provenance/public-state.ts';
import { plainText } from '#lib/provenance/sentence.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import { chainSection } from './chain-section.ts';
import { checkSection, filesSection } from './files-section.ts';
import { html, type Markup, type Piece } from './html.ts';
import { levelSection } from './level-section.ts';
import { noticesSection, refusalBanner } from './notices-section.ts';
import { limitsSection, signerSection } from './signer-section.ts';
import { verifySection } from './verify-section.ts';
import { versionsSection } from './versions-section.ts';
import { day, glyph, mark, sentence, value } from './words.ts';

/** Where the page stands, and what stands around it. */
export interface PageFrame {
  /** Of everything that belongs to this version: `/p/<slug>`, `/p/<slug>/<version>`, `/s/<secret>`. */
  readonly base: string;
  /** Of the page without a version. */
  readonly root: string;
  /** Of scripts and styles, with a hash of their content. */
  readonly assets: string;
  /** Before addresses that others follow: `https://provenance.models.example`; empty where it is not known. */
  readonly origin: string;
  /** Who publishes the page; null where they have no name. */
  readonly publisher: string | null;
  /** Whether the trust root is not the public-good one. */
  readonly hasOwnTrustRoot: boolean;
  /** Whether somebody looks at it before it is public: nothing that belongs to it is there yet. */
  readonly isPreview: boolean;
  /** When an unlisted link runs out; null for a public page. */
  readonly expiresAt: number | null;
}

export function titleOf({ name, label }: PublicVersion): string {
  return elideMiddle(showText(label === null ? name : `${name} ${label}`), 80);
}

/** A public provenance page: whole without a script, and the same for everybody. */
export function renderPage(version: PublicVersion, frame: PageFrame): string {
  const { state, parts } = version;
  const isListed = frame.expiresAt === null;
  const body = html`
    ${frame.isPreview ? html`<p class="panel warning">Preview: this is what outsiders would see. Nothing is published by looking at it, and its downloads are not there yet.</p>` : null}
    ${forbidsUse(state) ? refusalBanner(version) : null}
    <header class="head">
      <p class="kicker">${frame.publisher === null ? 'Provenance' : html`Provenance, published by ${value(frame.publisher, 80, 'plain')}`}</p>
      <h1>${value(version.name, 100, 'plain')}</h1>
      <p class="muted">${version.label === null ? 'Version ' : html`Version ${value(version.label, 60, 'plain')}, `}${value(version.root, 24)}</p>
    </header>
    <section class="answer ${PUBLIC[state].tone}" aria-labelledby="can-i">
      <h2 id="can-i">Can I use these files?</h2>
      <p class="lead">${sentence(version.headline)}</p>
      <p>${mark(PUBLIC[state])} <span class="muted">since</span> ${day(version.since)}. ${PUBLIC[state].meaning} <a href="#limits">What this does not prove</a></p>
    </section>
    ${noticesSection(version)}
    ${checkSection(version, frame)}
    ${signerSection(version)}
    ${chainSection(version)}
    ${levelSection(version)}
    ${filesSection(version, frame)}
    ${verifySection(version, frame)}
    ${isListed ? versionsSection(version, frame) : null}
    ${limitsSection()}
    <footer class="foot muted">
      ${
        isListed
          ? html`<p>For programs: <a href="${frame.base}/status.json">status as JSON</a>, <a href="${frame.base}/badge.svg">badge</a>${parts.history ? html`, <a href="${frame.root}/feed.atom">feed of changes</a>` : null}.</p>`
          : html`<p>This is an unlisted page: whoever has its address sees it, until ${day(frame.expiresAt)}.</p>`
      }
      <p>No cookies, nothing loaded from elsewhere. Made with Modeltrail.</p>
    </footer>`;
  return renderDocument({
    title: titleOf(version),
    head: headOf(version, frame),
    assets: frame.assets,
    withScript: !frame.isPreview,
    body,
  });
}

function headOf(version: PublicVersion, { base, root, origin, expiresAt }: PageFrame): Markup {
  if (expiresAt !== null) return html`<meta name="robots" content="noindex, nofollow">`;
  const description = `${PUBLIC[version.state].word}. ${showText(plainText(version.headline))}`.slice(0, 300);
  return html`<meta name="description" content="${description}">
<meta property="og:type" content="website">
<meta property="og:title" content="${titleOf(version)}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${origin}${base}">
<meta property="og:image" content="${origin}${base}/preview.png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="${origin}${base}">${
    version.parts.history
      ? html`
<link rel="alternate" type="application/atom+xml" title="Changes" href="${root}/feed.atom">`
      : null
  }`;
}

export interface PlainDocument {
  readonly title: string;
  readonly head: Piece;
  readonly assets: string;
  readonly withScript: boolean;
  readonly body: Markup;
}

/** The document around a page. It has no inline script and no inline style. */
export function renderDocument({ title, head, assets, withScript, body }: PlainDocument): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
<link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets}/style.css">
${withScript ? html`<script type="module" src="${assets}/lib/browser/public-page/main.ts"></script>` : null}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content">
${body}
</main>
</body>
</html>
`.text;
}

/** A page that says one thing: that there is nothing, or nothing any more. */
export function renderNotice(title: string, text: string, assets: string): string {
  const body = html`<section class="answer unknown"><h1>${glyph('unknown')} ${title}</h1><p class="lead">${text}</p></section>`;
  return renderDocument({ title, head: html`<meta name="robots" content="noindex">`, assets, withScript: false, body });
}
