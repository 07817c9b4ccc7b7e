/** What a token may be for. `admin` may do all of it. */
export const SCOPES = ['read', 'verify', 'ingest', 'deploy', 'investigate', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];
