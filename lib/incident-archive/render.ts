import { renderCsv } from './csv.ts';
import type { ArchiveDocuments } from './documents.ts';
import { renderHtml } from './html.ts';
import { FILE, type RENDERED } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { makeReport } from './report.ts';

/** The report in every form in which an archive has it, by path. The same documents give the same texts. */
export function renderReports(documents: ArchiveDocuments): Readonly<Record<(typeof RENDERED)[number], string>> {
  const report = makeReport(documents);
  return {
    [FILE.reportMarkdown]: renderMarkdown(report),
    [FILE.reportHtml]: renderHtml(report, `Incident #${documents.incident.number}`),
    [FILE.affectedCsv]: renderCsv(documents),
  };
}
