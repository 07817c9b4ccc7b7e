import type { LinkState } from '#lib/provenance/link-state.ts';

/** Each state has its own line: solid, long dashes, dots, short dashes, dash and dot. */
export const EDGE_CLASSES: Readonly<Record<LinkState, string>> = {
  verified: 'stroke-proven',
  'parent-unsigned': 'stroke-broken [stroke-dasharray:9_5]',
  'parent-unknown': 'stroke-unknown [stroke-dasharray:2_4]',
  declared: 'stroke-claimed [stroke-dasharray:5_4]',
  conflict: 'stroke-broken [stroke-dasharray:10_3_2_3]',
};
