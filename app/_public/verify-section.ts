import { formatUtc } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { VerifyCommand } from '#lib/provenance/verify-commands.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import type { PublicProof } from '#lib/services/sharing/public-proofs.ts';
import { commandsFor } from './commands.ts';
import { html, type Markup } from './html.ts';
import type { PageFrame } from './page.ts';
import { value } from './words.ts';

/** How to check all of it without this page: files to download, and commands of several programs. */
export function verifySection(version: PublicVersion, frame: PageFrame): Markup | null {
  const { proofs } = version;
  if (!proofs || proofs.length === 0) return null;
  const commands = commandsFor(version, frame.hasOwnTrustRoot);
  return html`<section class="panel" aria-labelledby="verify">
      <h2 id="verify">Check it without this page</h2>
      <h3>1. Download the proofs</h3>
      <ul>${proofs.map((proof) => download(proof, frame))}</ul>
      ${
        commands.length === 0
          ? html`<p class="muted">The signer’s name cannot be written into a command: compare it by eye after you verified the bundle.</p>`
          : html`<h3>2. Run one of these</h3>
      <p class="muted">Each is a program of its own. They must all say the same.${frame.hasOwnTrustRoot ? ' This publisher has a Sigstore of their own: get its trust root from them, by a way that you trust.' : null}</p>
      ${commands.map(command)}`
      }
    </section>`;
}

function download({ key, kind, predicateType, signedAt, isLogged }: PublicProof, { base }: PageFrame): Markup {
  const what =
    kind === 'signature'
      ? 'Signature over the files'
      : html`Statement ${value(predicateType ?? 'of an unknown type', 60)}`;
  return html`<li>${what}${signedAt === null ? null : `, ${formatUtc(signedAt)}`}: <a href="${base}/bundles/${key}.sigstore.json" download>bundle</a>${
    isLogged ? html`, <a href="${base}/proofs/${key}.tlog-proof" download>proof that the log has it</a>` : null
  }</li>`;
}

function command({ title, explanation, command }: VerifyCommand, index: number): Markup {
  return html`<div class="command"><p><strong>${title}</strong> <span class="muted">${showText(explanation)}</span></p>
      <pre tabindex="0" role="region" aria-label="Command ${index + 1}: ${title}"><code>${showCommand(command)}</code></pre></div>`;
}

/** Only line ends are ours; what a stranger hid in a name is written out. */
function showCommand(text: string): string {
  return text.split('\n').map(showText).join('\n');
}
