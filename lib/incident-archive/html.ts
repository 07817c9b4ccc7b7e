import { hash } from 'node:crypto';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { REPORT_STYLE } from './html-style.ts';
import type { Block, Inline, Line } from './report-blocks.ts';

/** Nothing but the one style below: no script, no image, no font, no form, no request. */
const POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', REPORT_STYLE, 'base64')}'; base-uri 'none'; form-action 'none'`;

/** What the server says of the report, where it gives it out as a page: the same, and that nobody may frame it. */
export const REPORT_POLICY = `${POLICY}; frame-ancestors 'none'; sandbox allow-modals`;

/** The report as one page that needs nothing else, made to be printed too. Every text in it is escaped. */
export function renderHtml(blocks: readonly Block[], title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${blocks.map(renderBlock).join('\n')}
</main>
</body>
</html>
`;
}

function renderBlock(block: Block): string {
  switch (block.block) {
    case 'heading': {
      const mark = block.mark === undefined ? '' : ` <span class="mark">${escapeHtml(block.mark)}</span>`;
      return `<h${block.level}>${outside(block.text)}${mark}</h${block.level}>`;
    }
    case 'paragraph':
      return `<p>${renderLine(block.line)}</p>`;
    case 'quote':
      return `<blockquote>${block.lines.map((line) => `<p>${outside(line)}</p>`).join('')}</blockquote>`;
    case 'list':
      return `<ul class="scope">\n${block.items.map(({ depth, line }) => `<li class="d${Math.min(depth, 6)}">${renderLine(line)}</li>`).join('\n')}\n</ul>`;
    case 'steps':
      return `<ol>\n${block.steps.map(({ head, below }) => renderStep(head, below)).join('\n')}\n</ol>`;
    case 'facts':
      return `<dl>\n${block.rows.map(([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd>${renderLine(value)}</dd></div>`).join('\n')}\n</dl>`;
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

function renderStep(head: Line, below: readonly Line[]): string {
  const lines = below.map((line) => `<div>${renderLine(line)}</div>`).join('');
  return `<li><strong>${renderLine(head)}</strong>${lines}</li>`;
}

/** Focusable, for whoever scrolls without a mouse. */
function renderTable(columns: readonly string[], rows: readonly (readonly Line[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${renderLine(cell)}</td>`).join('')}</tr>`);
  return `<div class="wide" tabindex="0" role="group" aria-label="${escapeHtml(columns.join(', '))}"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`;
}

function renderLine(line: Line): string {
  return line.map(renderInline).join('');
}

function renderInline(inline: Inline): string {
  return typeof inline === 'string' ? outside(inline) : `<code>${escapeHtml(inline.mono)}</code>`;
}

/** Set apart, so that text written from right to left moves nothing around it. */
function outside(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

function escapeHtml(text: string): string {
  return showText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
