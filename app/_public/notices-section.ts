import { PUBLIC } from '#lib/provenance/public-state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { PublicNotice, PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import { day, glyph, value } from './words.ts';

/** What forbids the use of a version: the first thing on its page. */
export function refusalBanner({ state, notices }: PublicVersion): Markup {
  const forbidding = notices.filter(({ forbidsUse }) => forbidsUse);
  return html`<section class="banner" role="alert" aria-label="Warning">
      <p class="banner-word">${glyph('broken')} ${state === 'retracted' ? 'Withdrawn by its signer: do not use' : PUBLIC[state].word}</p>
      ${forbidding.map(noticeText)}
    </section>`;
}

/** Notices that warn without forbidding the use. */
export function noticesSection({ notices }: PublicVersion): Markup | null {
  const warnings = notices.filter(({ forbidsUse }) => !forbidsUse);
  if (warnings.length === 0) return null;
  return html`<section class="panel warning" aria-labelledby="notices"><h2 id="notices">Notices</h2>${warnings.map(noticeText)}</section>`;
}

function noticeText({ wording, at, kind, replacement }: PublicNotice): Markup {
  const silent =
    kind === 'retraction'
      ? 'Whoever signed this version has withdrawn it.'
      : 'This version is part of an incident that its publisher looks into. It must not be used until that is over.';
  // Lines as they were written; everything else of it is text.
  const lines = (wording === null || wording.trim() === '' ? silent : wording).slice(0, 5000).split(/\r?\n/);
  return html`<div class="notice"><p>${lines.map((line, i) => (i === 0 ? html`${showText(line)}` : html`<br>${showText(line)}`))}</p>
        <p class="small">${day(at)}${replacement === null ? null : html`. Use instead: ${value(replacement, 80)}`}</p></div>`;
}
