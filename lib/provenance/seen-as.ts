/**
 * How the files of a version are known. `signed`: a verified signature lists them. `observed`: they lay in a source.
 * `registered`: their maker stated them. Of the last two nobody has shown a signature.
 */
export const SEEN_AS = ['signed', 'observed', 'registered'] as const;

export type SeenAs = (typeof SEEN_AS)[number];
