import { z } from 'zod';
import { refuse } from './refusal.ts';

const MAX_URL = 2048;

/** The address of a server as requests are made to it: http or https, no credentials, no query. */
export const serverUrl = z
  .string()
  .max(MAX_URL)
  .meta({ format: 'uri' })
  .superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) {
      refuse(context, 'is not an http or https address', 'Write it in full, such as https://log.example');
    } else if (url.username !== '' || url.password !== '') {
      refuse(context, 'contains credentials', 'Leave out what stands before the @; logs are public');
    } else if (url.search !== '' || url.hash !== '') {
      refuse(context, 'has a query or a fragment', 'Leave out everything from the ? or # on');
    }
  });

/** Refuses plain http to any other machine, unless the operator said that it is meant. */
export function refusePlainHttp(
  context: z.core.$RefinementCtx,
  text: string | undefined,
  allowed: boolean,
  key: string,
): void {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'http:' || allowed || isLoopback(url.hostname)) return;
  refuse(context, 'is plain http to another machine', 'Write https, or set allow-http: true beside it', [key]);
}

/** Whether a host name is this machine by its spelling alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}
