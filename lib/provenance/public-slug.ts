/** What stands in the address of a public page: short, plain, and never one of the addresses of our own below /p/. */
const PUBLIC_SLUG = /^[a-z0-9](?:[a-z0-9-]{1,62}[a-z0-9])$/;

export const PUBLIC_SLUG_RULE = '3 to 64 lowercase letters, digits and hyphens, with a letter or digit at both ends';

export function isPublicSlug(text: string): boolean {
  return PUBLIC_SLUG.test(text);
}

/** A slug that is made of names that people gave; `reserve` stands where nothing of them can. */
export function suggestSlug(names: readonly string[], reserve: string): string {
  const plain = names
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
  return isPublicSlug(plain) ? plain : reserve;
}

/** How a version is called in an address: the start of its root. Long enough that nobody meets it twice by chance. */
export function versionKey(root: string): string {
  return root.slice(0, 16);
}
