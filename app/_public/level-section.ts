import { formatCount } from '#lib/provenance/format.ts';
import { LEVEL_LIMITS, LEVEL_OUTCOME, ML_LEVEL } from '#lib/provenance/ml-level/level-words.ts';
import { FIELD } from '#lib/provenance/state.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import { mark } from './words.ts';

/** How much of the provenance is known and proven, without what it says. */
export function levelSection({ level, fields }: PublicVersion): Markup | null {
  if (!level || !fields) return null;
  const { missing, slsaBuild, slsaSource } = level;
  const proven = fields.filter(({ status }) => status === 'proven').length;
  return html`<section class="panel" aria-labelledby="level">
      <h2 id="level">How much is known of the making</h2>
      <p>${mark(ML_LEVEL[level.level])}</p>
      <p>${ML_LEVEL[level.level].meaning}</p>
      <p class="muted">${slsaBuild === 0 ? 'No SLSA Build level' : `SLSA Build L${slsaBuild}`}; ${slsaSource === null ? 'the SLSA Source level is not known' : `SLSA Source L${slsaSource}`}.</p>
      ${
        missing.length === 0
          ? null
          : html`<h3>Missing for ML-L${level.level + 1}</h3>
      <ul class="checks">${missing.map(({ title, outcome }) => html`<li>${mark(LEVEL_OUTCOME[outcome])} ${title}</li>`)}</ul>`
      }
      ${
        fields.length === 0
          ? null
          : html`<h3>The nine fields</h3>
      <p>${formatCount(proven)} of ${formatCount(fields.length)} fields of provenance are proven by something besides the word of whoever states them.</p>
      <ul class="fields">${fields.map(({ field, status }) => html`<li><span class="mono">${field}</span> ${mark(FIELD[status])}</li>`)}</ul>`
      }
      <h3>What a level does not say</h3>
      <ul>${LEVEL_LIMITS.map((limit) => html`<li>${limit}</li>`)}</ul>
    </section>`;
}
