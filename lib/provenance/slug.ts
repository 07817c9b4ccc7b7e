/**
 * The part of a model's URL that stands for its name: its letters and digits for people, and the start of its id, since
 * two names may differ only in what a URL cannot show.
 */
export function slugOf(name: string, modelId: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  const suffix = modelId.slice(-6);
  return readable ? `${readable}-${suffix}` : suffix;
}
