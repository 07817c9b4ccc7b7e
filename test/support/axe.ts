import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';

type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];

/** Of rows and items that are built alike, to the last class, as many are looked at. */
const ALIKE = 2;

/**
 * What axe finds on a page, without rows and items that are built like others beside them: looking at fifty of a kind takes
 * minutes, and finds what two of them show.
 *
 * @param rules only these; all without. @param except a selector of what is not looked at either.
 */
export async function findViolations(
  page: Page,
  rules: readonly string[] | null = null,
  except = '[data-alike]',
): Promise<Violation[]> {
  await page.evaluate((alike) => {
    const shapes = new Map<Element | null, Map<string, number>>();
    for (const element of document.querySelectorAll('tbody > tr, li, main section, main article, main details')) {
      const seen = shapes.get(element.parentElement) ?? new Map<string, number>();
      shapes.set(element.parentElement, seen);
      const inside = [element, ...element.querySelectorAll('*')];
      const shape = inside.map(({ tagName, classList }) => `${tagName}.${classList.value}`).join(' ');
      seen.set(shape, (seen.get(shape) ?? 0) + 1);
      if ((seen.get(shape) ?? 0) > alike) element.setAttribute('data-alike', '');
    }
  }, ALIKE);
  const axe = new AxeBuilder({ page }).exclude('[data-alike]').exclude(except);
  return (await (rules === null ? axe : axe.withRules([...rules])).analyze()).violations;
}
