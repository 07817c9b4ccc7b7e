/** The path and query of a page, which Next.js does not tell it: proxy.ts writes this header, over whatever a client sent. */
export const PATH_HEADER = 'x-modeltrail-path';
