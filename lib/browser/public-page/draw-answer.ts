import type { FileAnswer } from '#lib/hash-list/file-answer.ts';
import { formatCount } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { PickProblem } from '../picked-file.ts';
import { FILE_WORDS, type FilesVerdict } from './verdict.ts';

/** Rows of files that are not as they should be; nobody reads more. */
const MOST = 200;

/** Draws what came of a check. Names are set as text, never as markup. */
export function drawAnswer(
  place: Element,
  files: readonly FileAnswer[],
  { tone, words }: FilesVerdict,
  problems: readonly PickProblem[],
): void {
  const said = element('p', words);
  said.className = `said ${tone}`;
  said.id = 'check-answer';
  said.tabIndex = -1;
  const odd = [
    ...problems.map(({ path, reason }) => ({ path, word: reason })),
    ...files.flatMap(({ path, state, givenAs }) => {
      if (state === 'matches' || state === 'empty' || state === 'ignored') return [];
      return [
        { path, word: givenAs === null ? FILE_WORDS[state] : `${FILE_WORDS[state]}: here it is ${showText(givenAs)}` },
      ];
    }),
  ];
  place.replaceChildren(said);
  if (odd.length > 0) place.append(tableOf(odd.slice(0, MOST)));
  if (odd.length > MOST) place.append(element('p', `The first ${formatCount(MOST)} of ${formatCount(odd.length)}.`));
  said.focus();
}

function tableOf(rows: readonly { readonly path: string; readonly word: string }[]): HTMLElement {
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', 'Files that are not as on this page');
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of ['File', 'Here']) {
    const cell = element('th', title);
    cell.setAttribute('scope', 'col');
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { path, word } of rows) {
    const row = body.insertRow();
    const cell = element('th', elideMiddle(showText(path), 80));
    cell.setAttribute('scope', 'row');
    cell.className = 'mono';
    row.append(cell, element('td', word));
  }
  scroll.append(table);
  return scroll;
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
