/** The whole style of the report, for screens and for paper. A byte more is another version of the format. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#14181a, #e4e9eb); --muted: light-dark(#50595e, #9ca7ad); --line: light-dark(#dde1e3, #272f33); --page: light-dark(#ffffff, #0d1011); --sunken: light-dark(#edf0f0, #1a2023); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
h1, h2, h3, p, li, dd, td, blockquote { overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 60rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.mark { font-weight: 400; font-size: .8125rem; border: 1px solid var(--muted); border-radius: 3px; padding: 0 .375rem; white-space: nowrap; }
dl { margin: .5rem 0; }
dl div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; padding: .125rem 0; }
dt { color: var(--muted); }
dd { margin: 0; }
ul.scope { list-style: none; padding: 0; margin: .5rem 0; }
ul.scope li { padding-left: 1rem; border-left: 2px solid var(--line); }
.d1 { margin-left: 1.25rem; } .d2 { margin-left: 2.5rem; } .d3 { margin-left: 3.75rem; } .d4 { margin-left: 5rem; } .d5 { margin-left: 6.25rem; } .d6 { margin-left: 7.5rem; }
ol { margin: .5rem 0; padding-left: 1.75rem; }
ol li { margin: .375rem 0; }
ol li div { color: var(--muted); }
ol li div code { color: var(--ink); }
blockquote { margin: .5rem 0; padding: .25rem 1rem; border-left: 3px solid var(--muted); background: var(--sunken); }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .8125rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .625rem .375rem 0; border-bottom: 1px solid var(--line); min-width: 5rem; }
th { color: var(--muted); font-weight: 600; }
th:first-child, td:first-child { min-width: 2rem; }
@media (max-width: 40rem) { dl div { grid-template-columns: 1fr; } .wide table { min-width: 44rem; } }
@media print {
  :root { color-scheme: only light; }
  @page { margin: 16mm 14mm; }
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  dl, li, tr, blockquote { break-inside: avoid; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  th, td { min-width: 4rem; }
  thead { display: table-header-group; }
}
`;
