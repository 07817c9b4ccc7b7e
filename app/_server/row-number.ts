/** A row number from a URL: null for anything that is none. */
export function rowNumber(text: string): number | null {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
}
