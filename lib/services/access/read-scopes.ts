import { z } from 'zod';
import { SCOPES, type Scope } from './scope.ts';

const known = z.enum(SCOPES);

/** The scopes as they are stored. One that this version does not know grants nothing. */
export function readScopes(json: string): readonly Scope[] {
  const listed = z.array(z.string()).parse(JSON.parse(json));
  return listed.flatMap((text) => {
    const scope = known.safeParse(text);
    return scope.success ? [scope.data] : [];
  });
}
