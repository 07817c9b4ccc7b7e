import { z } from 'zod';
import { partsOf, SHARED_PARTS, type SharedParts } from '#lib/provenance/shared-parts.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { SharingError, type SharingProblem } from '#lib/services/sharing/sharing-error.ts';
import type { Target } from '#lib/services/sharing/target.ts';
import { FormRefusedError } from '../_server/local-form.ts';
import { roleForm } from '../_server/role-form.ts';

const STATUS: Readonly<Record<SharingProblem, number>> = {
  'no-target': 404,
  'not-published': 404,
  'bad-slug': 400,
  'bad-parts': 400,
  'slug-taken': 409,
  'published-already': 409,
};

/** Where a form may lead back to: pages of ours, and no address that somebody made up. */
const BACK = /^\/models\/[a-z0-9-]{1,200}(?:\?version=ver_[0-9a-f]{1,64})?$/;

const partsSchema = z.array(z.enum(SHARED_PARTS)).max(SHARED_PARTS.length);
const targetSchema = z.string().regex(/^(?:model mdl_[0-9a-f]{1,64}|version ver_[0-9a-f]{1,64})$/);

/** Does what a form about sharing asks for, and leads to an address; what cannot be done is said in words. */
export function sharingForm(
  request: Request,
  instead: string,
  act: (ctx: ServiceContext, form: URLSearchParams, actor: Actor) => string,
): Promise<Response> {
  return roleForm(request, { role: 'investigator', instead }, (ctx, form, actor) => {
    try {
      return act(ctx, form, actor);
    } catch (error) {
      if (error instanceof SharingError) throw new FormRefusedError(STATUS[error.code], error.message);
      if (error instanceof z.ZodError)
        throw new FormRefusedError(400, 'A field of the form cannot be read. Go back, and try again.');
      throw error;
    }
  });
}

/** @throws {z.ZodError} for parts that there are not. */
export function readFormParts(form: URLSearchParams): SharedParts {
  return partsOf(partsSchema.parse(form.getAll('part')));
}

/** `model mdl_…` or `version ver_…`, as the forms have it. @throws {z.ZodError} */
export function readFormTarget(form: URLSearchParams): Target {
  const [kind, targetId] = targetSchema.parse(form.get('target')).split(' ');
  return { kind: kind === 'model' ? 'model' : 'version', targetId: targetId ?? '' };
}

export function backOf(form: URLSearchParams): string {
  const back = form.get('back') ?? '';
  return BACK.test(back) ? `${back}#sharing` : '/sharing';
}
