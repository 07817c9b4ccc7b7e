import type { Misbehaviour } from './misbehaviour.ts';
import { NOTES } from './notes.ts';
import { TILES } from './tiles.ts';
import { TRANSPORT } from './transport.ts';
import { TREES } from './trees.ts';

/** Every way in which a tile log can misbehave here, by the part of its answers that is wrong. */
export const MISBEHAVIOURS = { trees: TREES, notes: NOTES, tiles: TILES, transport: TRANSPORT } as const;

/** @throws where there is none of that name. */
export function misbehaviour(name: string): Misbehaviour {
  const found = Object.values(MISBEHAVIOURS)
    .flat()
    .find((known) => known.name === name);
  if (!found) throw new Error(`no misbehaviour is called ${name}`);
  return found;
}
