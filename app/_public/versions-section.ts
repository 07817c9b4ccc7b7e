import { PUBLIC } from '#lib/provenance/public-state.ts';
import type { PublicSibling, PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import type { PageFrame } from './page.ts';
import { day, mark, value } from './words.ts';

/** The other versions, each with its state, and where changes are told. */
export function versionsSection({ versions, key }: PublicVersion, { root }: PageFrame): Markup | null {
  if (!versions) return null;
  const row = (sibling: PublicSibling) => {
    const { key: other, label, state, since } = sibling;
    const name = label === null ? value(other, 20) : value(label, 40, 'plain');
    return html`<tr><th scope="row">${other === key ? html`${name} <span class="muted">this page</span>` : html`<a href="${root}/${other}">${name}</a>`}</th><td>${mark(PUBLIC[state])}</td><td>${day(since)}</td></tr>`;
  };
  return html`<section class="panel flush" aria-labelledby="versions">
      <div class="pad"><h2 id="versions">Versions</h2><p><a href="${root}/feed.atom">Follow what changes</a> (Atom feed).</p></div>
      <div class="scroll" tabindex="0" role="region" aria-label="Versions">
      <table><thead><tr><th scope="col">Version</th><th scope="col">State</th><th scope="col">Since</th></tr></thead><tbody>${versions.map(row)}</tbody></table></div>
    </section>`;
}
