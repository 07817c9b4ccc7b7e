import type { z } from 'zod';

/** Adds a problem of our own to what zod found, with the way to mend it. Neither ends with a full stop. */
export function refuse(
  context: z.core.$RefinementCtx,
  message: string,
  mend: string,
  path: readonly PropertyKey[] = [],
): void {
  context.addIssue({ code: 'custom', message, path: [...path], params: { mend } });
}

/** As `refuse`, where the key itself is wrong and not its value. */
export function refuseKey(context: z.core.$RefinementCtx, key: string, message: string, mend: string): void {
  context.addIssue({ code: 'custom', message, path: [key], params: { mend, at: 'key' } });
}

/** The list, with every item refused whose key an item before it has; looked at even where items are wrong otherwise. */
export function uniqueBy<Item extends z.core.SomeType>(list: z.ZodArray<Item>, key: string): z.ZodArray<Item> {
  return list.superRefine(
    (items, context) => {
      const seen = new Set<unknown>();
      for (const [index, item] of items.entries()) {
        const value = (item as Readonly<Record<string, unknown>> | null)?.[key];
        if (value === undefined) continue;
        if (seen.has(value)) refuse(context, `"${value}" stands here twice`, `Give each its own ${key}`, [index, key]);
        seen.add(value);
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  );
}

/** Refuses a map that has not exactly one of its keys. */
export function refuseUnlessOne(context: z.core.$RefinementCtx, map: object, keys: readonly string[]): void {
  if (Object.keys(map).length === 1) return;
  const names = keys.join(', ');
  const count = Object.keys(map).length === 0 ? 'none' : 'more than one';
  refuse(context, `has ${count} of ${names}`, `Write exactly one of ${names}`);
}
