import { webConfig } from '../_server/configuration.ts';

/**
 * Asks the identity provider of a session that lapsed whether it may go on: the browser goes there and comes back by itself,
 * without a script. A redirect would not do: pages that are fetched by a script cannot follow one to another site.
 */
export function Renewal({ provider, next }: { provider: string; next: string }) {
  const url = `/sign-in/oidc/${provider}?${new URLSearchParams({ renew: '1', next })}`;
  const label = webConfig()?.access.oidc.find(({ name }) => name === provider)?.label ?? provider;
  return (
    <p role="status" className="rounded border border-line bg-surface px-3 py-2">
      <meta httpEquiv="refresh" content={`0;url=${url}`} />
      {label} is asked whether you may go on.{' '}
      <a href={url} className="link">
        Go there
      </a>
      , if nothing happens.
    </p>
  );
}
