import { formatCount, TIME_SOURCES } from '#lib/provenance/format.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import { time, value } from './words.ts';

/** Who signed, as the certificate says, and what shows when. */
export function signerSection({ signer }: PublicVersion): Markup | null {
  if (!signer) return null;
  const { san, issuer, signedAt, signedAtSource, origin, logIndex, method } = signer;
  const isCertified = method === 'sigstore';
  return html`<section class="panel" aria-labelledby="signer">
      <h2 id="signer">Who made them</h2>
      <dl>
        <dt>Signed by</dt><dd>${san === null ? 'a bare key without a name' : value(san, 200)}</dd>
        ${issuer === null ? null : html`<dt>${isCertified ? 'Vouched for by' : 'Known by'}</dt><dd>${value(issuer, 120)}</dd>`}
        <dt>When</dt><dd>${
          signedAt === null
            ? 'nothing proves when'
            : html`${time(signedAt)}${signedAtSource === null ? null : html` <span class="muted">shown by: ${TIME_SOURCES[signedAtSource]}</span>`}`
        }</dd>
        ${
          origin === null || logIndex === null
            ? null
            : html`<dt>Public record</dt><dd>entry ${formatCount(logIndex)} of the log ${value(origin, 80)}</dd>`
        }
      </dl>
      <p class="small muted">A public log is a list that can only grow and that anybody can read. What stands in it cannot be taken back unseen.</p>
    </section>`;
}

/** What nothing on the page says. It stands on every page. */
export function limitsSection(): Markup {
  return html`<section class="panel" aria-labelledby="limits">
      <h2 id="limits">What this does not prove</h2>
      <ul>
        <li><strong>Not that the model is safe or good.</strong> A signature says who made the files and that nobody changed them since. A signed model can still do harm: test it as you would any other.</li>
        <li><strong>Not that the name is right.</strong> Anybody can give a model any name. What counts is who signed it, and whether that is who you expect.</li>
        <li><strong>Not that everything is told.</strong> What nobody stated about data and training does not stand here.</li>
        <li><strong>Not because this page says so.</strong> It is how its publisher shows it. The commands above check the same without this page.</li>
      </ul>
    </section>`;
}
