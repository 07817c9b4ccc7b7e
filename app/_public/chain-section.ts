import type { InputRole } from '#lib/attestation/facts.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import { mark, sentence, value } from './words.ts';

const ROLES: Readonly<Record<InputRole, string>> = {
  'base-model': 'base model',
  adapter: 'adapter',
  component: 'component',
  'quantised-from': 'quantised from',
  'merged-from': 'merged from',
  dataset: 'data set',
  code: 'code',
  environment: 'environment',
};

/** What it was made from, link by link, and the weakest of the links. */
export function chainSection({ chain }: PublicVersion): Markup | null {
  if (!chain) return null;
  const { weakest, links, omitted } = chain;
  return html`<section class="panel flush" aria-labelledby="chain">
      <div class="pad"><h2 id="chain">What they were made from</h2>
      <p>Weakest link: ${mark(weakest === null ? NO_INPUTS : LINK[weakest])}</p>
      <p>${sentence(chain.sentence)}</p></div>
      ${
        links.length === 0
          ? null
          : html`<div class="scroll" tabindex="0" role="region" aria-label="Links of the chain">
      <table><thead><tr><th scope="col">Input</th><th scope="col">Used as</th><th scope="col">Link</th><th scope="col">Why</th></tr></thead>
      <tbody>${links.map(
        ({
          input,
          into,
          role,
          state,
          reason,
          digest,
        }) => html`<tr><th scope="row">${value(input, 60, 'plain')}${digest === null ? null : html`<br><span class="muted">${value(digest, 28)}</span>`}</th>
        <td class="short">${ROLES[role]}${into === null ? null : html`<br><span class="muted">of ${value(into, 48, 'plain')}</span>`}</td><td>${mark(LINK[state])}</td><td>${showText(reason)}</td></tr>`,
      )}</tbody></table></div>`
      }
      ${omitted > 0 ? html`<p class="pad muted">${formatPlural(omitted, 'thing')} further upstream not listed.</p>` : null}
    </section>`;
}
