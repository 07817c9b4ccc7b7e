import { showText } from '#lib/provenance/untrusted-text.ts';
import type { Block, Inline, Line } from './report-blocks.ts';

/** Characters that begin or end markup wherever they stand; `@` and `://` would make links in GitHub's dialect, `www.` too. */
const MARKUP = /[\\`*_[\]<>&|~#@]|:(?=\/\/)|(?<=www)\./gi;
/** What would begin a list or a rule where a line begins. */
const LINE_START = /^(\d{0,9})(?=[-+=.)])/;

/** The report as CommonMark with GitHub's tables; no text in it can become markup, a link or HTML. */
export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.block) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeMarkdown(block.text)}${block.mark === undefined ? '' : ` (${escapeMarkdown(block.mark)})`}`;
    case 'paragraph':
      return renderLine(block.line);
    case 'quote':
      return block.lines.map((line) => `> ${escapeMarkdown(line)}`).join('\n');
    case 'list':
      return block.items.map(({ depth, line }) => `${'  '.repeat(depth)}- ${renderLine(line)}`).join('\n');
    case 'steps':
      return block.steps.map(({ head, below }, i) => renderStep(i + 1, head, below)).join('\n');
    case 'facts':
      return block.rows.map(([label, value]) => `- ${escapeMarkdown(label)}: ${renderLine(value)}`).join('\n');
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

function renderStep(number: number, head: Line, below: readonly Line[]): string {
  const indent = ' '.repeat(`${number}. `.length);
  return [`${number}. **${renderLine(head)}**`, ...below.map((line) => `${indent}- ${renderLine(line)}`)].join('\n');
}

function renderTable(columns: readonly string[], rows: readonly (readonly Line[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(escapeMarkdown)),
    row(columns.map(() => '---')),
    ...rows.map((cells) => row(cells.map(renderLine))),
  ].join('\n');
}

function renderLine(line: Line): string {
  return line.map(renderInline).join('').trim();
}

function renderInline(inline: Inline): string {
  return escapeMarkdown(typeof inline === 'string' ? inline : inline.mono);
}

function escapeMarkdown(text: string): string {
  return showText(text)
    .replace(MARKUP, (character) => `\\${character}`)
    .replace(LINE_START, '$1\\');
}
