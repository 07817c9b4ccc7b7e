import { showText } from '#lib/provenance/untrusted-text.ts';
import type { Account } from '#lib/services/access/get-account.ts';
import type { Role } from '#lib/services/access/role.ts';
import { Field } from '../_access/field.tsx';
import { Facts } from '../_ui/facts.tsx';
import { Value } from '../_ui/value.tsx';
import { ROLE_WORDS } from './role-words.ts';

/** Who somebody is, and the form that changes their name. */
export function AccountFacts({ account, role }: { account: Account; role: Role }) {
  const { name, login, email, oidcIssuer } = account;
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          ['Name', <bdi key="name">{showText(name)}</bdi>],
          ...(login === null ? [] : ([['Login', <Value key="login" value={login} />]] as const)),
          ...(email === null ? [] : ([['E-mail', <Value key="email" value={email} />]] as const)),
          ...(oidcIssuer === null ? [] : ([['Signs in with', <Value key="issuer" value={oidcIssuer} />]] as const)),
          [
            'Role',
            <span key="role">
              {role} <span className="text-muted">{ROLE_WORDS[role]}</span>
            </span>,
          ],
        ]}
      />
      {oidcIssuer === null ? (
        <form action="/settings/account/name" method="post" className="flex max-w-96 flex-col gap-3">
          <Field label="Another name" name="name" autoComplete="name" maxLength={100} value={name} />
          <button type="submit" className="button self-start">
            Change name
          </button>
        </form>
      ) : (
        <p className="text-muted">
          Name and role come from the identity provider, at each sign-in, and whenever it is asked again.
        </p>
      )}
    </div>
  );
}
