import type { Check } from '#lib/provenance/check.ts';
import { CHECK_LABELS, orderChecks } from '#lib/provenance/check-labels.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';

/** Prints lines. Whatever in them could drive the terminal, or hide or reorder text, is written out (`\u{1b}`). */
export function print(...lines: readonly string[]): void {
  for (const line of lines) console.log(showText(line));
}

/** As `print`, to standard error. A message of several lines stays several. */
export function printError(message: string): void {
  for (const line of message.split('\n')) console.error(showText(line));
}

/** Prints one JSON value, with the same characters escaped as JSON escapes them. */
export function printJson(value: unknown): void {
  console.log(escapeJson(JSON.stringify(value, null, 2)));
}

/** Prints rows of a label and its value, the values below each other. */
export function printFacts(rows: readonly (readonly [label: string, value: string])[], indent = ''): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) print(`${indent}${label.padEnd(width)}  ${value}`);
}

/** Prints every check with its outcome, what was found, and the values that it rests on. */
export function printChecks(checks: readonly Check[]): void {
  for (const { name, outcome, statement, evidence } of orderChecks(checks)) {
    print(`${outcome.replace('-', ' ').padEnd(8)}  ${CHECK_LABELS[name]}: ${statement}`);
    for (const [label, value] of Object.entries(evidence)) print(`            ${label}: ${value}`);
  }
}

/** Control, format and invisible characters; JSON itself escapes only the first 32. */
const INVISIBLE = /(?!\n)[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;

function escapeJson(json: string): string {
  return json.replaceAll(INVISIBLE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
