interface Props {
  readonly providers: readonly { readonly name: string; readonly label: string }[];
  readonly next: string;
}

/** A link to each identity provider. A plain link: a form would need the policy of pages to name the provider. */
export function Providers({ providers, next }: Props) {
  const query = next === '/' ? '' : `?${new URLSearchParams({ next })}`;
  return (
    <ul className="flex flex-col gap-2">
      {providers.map(({ name, label }) => (
        <li key={name}>
          <a href={`/sign-in/oidc/${name}${query}`} className="button button-accent w-full justify-center">
            Sign in with {label}
          </a>
        </li>
      ))}
    </ul>
  );
}
