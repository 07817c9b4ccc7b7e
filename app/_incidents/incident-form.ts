import { ScopeError } from '#lib/provenance/read-scope.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { IncidentChange } from '#lib/services/incident/change.ts';
import { IncidentError } from '#lib/services/incident/incident-error.ts';
import { FormRefusedError } from '../_server/local-form.ts';
import { roleForm } from '../_server/role-form.ts';

/** What somebody does who cannot use the forms. */
export const INSTEAD =
  'Use modeltrail incident on the server’s machine, or the API with a token of the scope investigate.';

const STATUS = { unknown: 404, stale: 409, refused: 400 } as const;

interface Context {
  readonly params: Promise<{ id: string }>;
}

/**
 * Does what a form of an incident's page asks for, for somebody who may investigate, and leads back to the page.
 *
 * @param act may return another place of the page to lead to: `#artifacts`.
 */
export async function incidentForm(
  request: Request,
  { params }: Context,
  act: (ctx: ServiceContext, change: IncidentChange, form: URLSearchParams) => string | undefined,
): Promise<Response> {
  const { id } = await params;
  return roleForm(request, { role: 'investigator', instead: INSTEAD }, (ctx, form, actor) => {
    const updatedAt = form.get('updatedAt') ?? '';
    if (!/^\d{1,16}$/.test(updatedAt)) {
      throw new FormRefusedError(
        400,
        'The form does not say which state of the incident it was opened for. Load the page again.',
      );
    }
    return refusing(() => `/incidents/${id}${act(ctx, { id, actor, seen: Number(updatedAt) }, form) ?? ''}`);
  });
}

/** Turns what services refuse into the answer of a form. @throws {FormRefusedError} */
export function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof IncidentError) throw new FormRefusedError(STATUS[error.code], error.message);
    if (error instanceof ScopeError) throw new FormRefusedError(400, error.message);
    throw error;
  }
}

/** One of a few words that a field may hold. @throws {FormRefusedError} */
export function oneOf<T extends string>(form: URLSearchParams, name: string, words: readonly T[]): T {
  const given = form.get(name);
  const known = words.find((word) => word === given);
  if (known === undefined) throw new FormRefusedError(400, `The form’s ${name} is none of ${words.join(', ')}.`);
  return known;
}
