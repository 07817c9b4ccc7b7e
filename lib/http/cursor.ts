import { z } from '@hono/zod-openapi';
import { ApiError } from './problem.ts';

/** Places in one list, as opaque text for clients. */
export interface Cursor<P> {
  format(place: P): string;
  /** @throws {ApiError} 400 for text that this list never gave. */
  read(text: string | undefined): P | undefined;
}

const envelope = z.tuple([z.string(), z.unknown()]);

/** Cursors of the list `name`: base64url of JSON, which no other list takes. */
export function cursorOf<P>(name: string, schema: z.ZodType<P>): Cursor<P> {
  return {
    format: (place) => Buffer.from(JSON.stringify([name, place])).toString('base64url'),
    read(text) {
      if (text === undefined) return undefined;
      const [list, place] = envelope.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8'))).data ?? [];
      const read = schema.safeParse(place);
      if (list === name && read.success) return read.data;
      const detail = `cursor: this is none that the list of ${name} gave. Take “next” of an answer as it is, or begin without a cursor.`;
      throw new ApiError({ code: 'bad-cursor', detail, at: 'cursor' });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
