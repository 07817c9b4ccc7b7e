/** Longer ones are refused on their way by servers and proxies. */
const MAX_LENGTH = 7000;

/** Fields that a form has besides those of the item. */
const OWN = new Set(['try', 'draft']);

/**
 * The address of the form with everything as it was filled in, so that it can be mended without a script; null where that
 * is too much for an address.
 */
export function draftUrl(slug: string, form: URLSearchParams): string | null {
  const query = new URLSearchParams([...form].filter(([key, value]) => !OWN.has(key) && value !== ''));
  query.set('draft', '1');
  const url = `/settings/${slug}/edit?${query}`;
  return url.length > MAX_LENGTH ? null : url;
}

/** What an address says, as a form would say it. */
export function paramsOf(query: Readonly<Record<string, string | string[] | undefined>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) params.append(key, one);
  }
  return params;
}

/** The revision that a form was filled in for; null for an item that is to be new; NaN for what is no number. */
export function revisionOf(form: URLSearchParams): number | null {
  const text = form.get('revision') ?? '';
  if (text === '') return null;
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Number.NaN;
}
