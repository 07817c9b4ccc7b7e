import { escapeMarkup, plainLine } from './inert-text.ts';
import type { Delivery } from './notice.ts';
import { type AlertLines, alertLines, closingLine } from './notice-lines.ts';

/** A message as plain text and as simple HTML that says the same. Links lead to our own pages alone. */
export function emailBody(delivery: Delivery): { readonly text: string; readonly html: string } {
  const { notice, address } = delivery;
  const alerts = notice.alerts.map((alert) => alertLines(alert, address));
  const closing = closingLine(delivery);
  const text = [notice.heading, ...alerts.map(alertText), ...(closing === null ? [] : [closing])];
  const html = [
    `<h1 style="font-size:18px">${escapeMarkup(notice.heading)}</h1>`,
    ...alerts.map(alertHtml),
    ...(closing === null ? [] : [`<p>${escapeMarkup(closing)}</p>`]),
  ];
  return {
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body style="font-family:sans-serif;max-width:50em">${html.join('')}</body></html>`,
  };
}

function alertText({ label, title, statement, evidence, how, next, when, link }: AlertLines): string {
  const lines = [
    `${label}, ${when}`,
    title,
    '',
    statement,
    `How it is known: ${how}`,
    `What now: ${next}`,
    ...evidence.map(([name, value]) => `  ${name}: ${value}`),
    ...(link === null ? [] : [link]),
  ];
  return lines.map(plainLine).join('\n');
}

function alertHtml({ label, title, statement, evidence, how, next, when, link }: AlertLines): string {
  const rows = evidence.map(
    ([name, value]) =>
      `<tr><td style="color:#555;padding-right:1em">${escapeMarkup(name)}</td><td><code>${escapeMarkup(value)}</code></td></tr>`,
  );
  return [
    `<h2 style="font-size:15px;margin-bottom:0">${escapeMarkup(title)}</h2>`,
    `<p style="color:#555;margin-top:0">${escapeMarkup(`${label}, ${when}`)}</p>`,
    `<p>${escapeMarkup(statement)}</p>`,
    `<p><b>How it is known:</b> ${escapeMarkup(how)}<br><b>What now:</b> ${escapeMarkup(next)}</p>`,
    rows.length === 0 ? '' : `<table>${rows.join('')}</table>`,
    link === null ? '' : `<p><a href="${escapeMarkup(link)}">Open the alert</a></p>`,
  ].join('');
}
