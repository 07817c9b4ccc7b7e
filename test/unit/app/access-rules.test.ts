import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTION_RULES, HANDLER_RULES, PAGE_RULES } from '#app/_server/access-rules.ts';
import { findActions, findHandlers, findPages } from '#test/support/access-table/addresses.ts';
import { operationRows } from '#test/support/access-table/table.ts';
import { SECURITY_PAGE, withTable } from '#test/support/access-table/write.ts';

describe('who may ask for what', () => {
  it('is declared for every page, and for none that is not there', () => {
    expect(findPages()).toEqual(Object.keys(PAGE_RULES).sort());
  });

  it('is declared for every route handler, method by method', () => {
    const found = findHandlers().map(({ method, address }) => `${method} ${address}`);
    expect(found.sort()).toEqual(Object.keys(HANDLER_RULES).sort());
  });

  it('is declared for every file of server actions', () => {
    expect(findActions()).toEqual(Object.keys(ACTION_RULES).sort());
  });

  it('is declared for every operation of the API, with a scope for all that change something', () => {
    expect(operationRows().length).toBeGreaterThan(50);
  });

  it('is what docs/security.md shows (node test/support/access-table/write.ts writes it)', () => {
    const page = readFileSync(SECURITY_PAGE, 'utf8');
    expect(page).toContain('<!-- access-table -->');
    expect(page).toBe(withTable(page));
  });
});
