import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderAccessTable } from './table.ts';

// node test/support/access-table/write.ts: writes the table of who may ask for what into docs/security.md.

export const SECURITY_PAGE = fileURLToPath(new URL('../../../docs/security.md', import.meta.url));
const BETWEEN = /(<!-- access-table -->\n)[\s\S]*(\n<!-- \/access-table -->)/;

/** The page with the table as the code has it now. */
export function withTable(page: string): string {
  return page.replace(BETWEEN, (_, before: string, after: string) => `${before}${renderAccessTable()}${after}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SECURITY_PAGE, withTable(readFileSync(SECURITY_PAGE, 'utf8')));
}
