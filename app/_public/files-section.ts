import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { forbidsUse } from '#lib/provenance/public-state.ts';
import type { PublicFiles, PublicVersion } from '#lib/services/sharing/get-public.ts';
import { html, type Markup } from './html.ts';
import type { PageFrame } from './page.ts';
import { value } from './words.ts';

/** Where files are dropped. The script beside it hashes them; without it the section leads to what does the same. */
export function checkSection({ files, state }: PublicVersion, { base }: PageFrame): Markup | null {
  if (!files) return null;
  return html`<section class="panel" aria-labelledby="check-title" id="check" data-manifest="${base}/manifest.json" data-forbidden="${forbidsUse(state) ? 'yes' : 'no'}">
      <h2 id="check-title">Are yours the same?</h2>
      <div class="drop" id="drop">
        <p class="drop-word" id="drop-word">Drop the model’s folder or files anywhere on this page</p>
        <p class="buttons" id="choose" hidden>
          <button type="button" class="button accent" data-choose="folder">Choose a folder</button>
          <button type="button" class="button" data-choose="files">Choose files</button>
          <input type="file" id="folder-input" multiple webkitdirectory hidden aria-label="Folder of the model">
          <input type="file" id="files-input" multiple hidden aria-label="Files of the model">
        </p>
        <noscript><p>Checking here needs JavaScript, which is off. The commands below do the same.</p></noscript>
        <p class="small muted">This browser hashes them and compares with the list of this page. Nothing is uploaded.</p>
      </div>
      <p id="check-status" role="status"></p>
      <div id="check-result"></div>
    </section>`;
}

/** The files that the signature covers, as far as a page can hold them; all of them in the downloads. */
export function filesSection({ files, root }: PublicVersion, { base }: PageFrame): Markup | null {
  if (!files) return null;
  const { count, method, hashType, first } = files;
  const what = method === 'shards' ? 'part of a file' : 'file';
  const whats = method === 'shards' ? 'parts of files' : 'files';
  const sums = method === 'files' ? sumsName(hashType) : null;
  return html`<section class="panel flush" aria-labelledby="files">
      <div class="pad"><h2 id="files">Files <span class="muted">${formatPlural(count, what, whats)}</span></h2>
      <p>All of them together have the digest ${value(root, 64)} (OMS root).</p>
      <p>Downloads: <a href="${base}/manifest.json" download>the whole list as JSON</a>${sums === null ? null : html`, <a href="${base}/${sums}" download>${sums}</a> for the usual tools`}</p>
      ${ignored(files)}</div>
      <div class="scroll" tabindex="0" role="region" aria-label="Files and digests">
      <table><thead><tr><th scope="col">File</th><th scope="col">Digest (${value(hashType, 20)})</th></tr></thead>
      <tbody>${first.map(({ path, digest }) => html`<tr><th scope="row">${value(path, 80)}</th><td>${value(digest, 64)}</td></tr>`)}</tbody></table>
      </div>
      ${count > first.length ? html`<p class="pad muted">The first ${formatCount(first.length)} of ${formatCount(count)}: the downloads have all.</p>` : null}
    </section>`;
}

/** How the tools of the system call their lists. */
export function sumsName(hashType: string): 'SHA256SUMS' | 'B2SUMS' | 'B3SUMS' {
  if (hashType === 'blake3') return 'B3SUMS';
  return hashType === 'blake2b' ? 'B2SUMS' : 'SHA256SUMS';
}

const IGNORED = 20;

function ignored({ ignorePaths }: PublicFiles): Markup | null {
  if (ignorePaths.length === 0) return null;
  const more = ignorePaths.length - IGNORED;
  return html`<p>Not covered, and free to change without anybody noticing: ${ignorePaths.slice(0, IGNORED).map((path, i) => html`${i === 0 ? '' : ', '}${value(path, 60)}`)}${more > 0 ? ` and ${formatCount(more)} more` : null}.</p>`;
}
