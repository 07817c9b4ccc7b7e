import { readItemForm } from '#lib/config/read-item-form.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import { SettingChangedError, SettingRefusedError } from '#lib/services/setting/refusal.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';
import { draftUrl, revisionOf } from '../../../../_settings/draft-url.ts';
import { refusingSettings } from '../../../../_settings/refusing-settings.ts';
import { findKind, findSection, INSTEAD, itemUrl } from '../../../../_settings/section-page.ts';

export const dynamic = 'force-dynamic';

/** Adds or changes an item, for the form on its page. What is wrong with it is said there, beside what was filled in. */
export async function POST(request: Request, { params }: { params: Promise<{ section: string }> }): Promise<Response> {
  const { section: slug } = await params;
  return roleForm(request, { role: 'admin', instead: INSTEAD }, (ctx, form, actor) => {
    const found = findSection(slug);
    const kind = found && findKind(found.section, form.get('kind'));
    if (!found || !kind) throw new FormRefusedError(404, 'There is no such list, or no such kind of item in it.');
    const value = readItemForm(kind, form);
    const name = typeof value.name === 'string' ? value.name : '';
    const change = { section: found.key, name, value, enabled: form.get('enabled') !== 'no', actor };
    try {
      refusingSettings(() => putSetting(ctx, { ...change, revision: revisionOf(form) }));
    } catch (error) {
      if (!(error instanceof SettingRefusedError || error instanceof SettingChangedError)) throw error;
      const back = draftUrl(slug, form);
      if (back === null) throw new FormRefusedError(409, error.message);
      return back;
    }
    return itemUrl(slug, name);
  });
}
