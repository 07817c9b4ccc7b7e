import { SettingChangedError, SettingRefusedError } from '#lib/services/setting/refusal.ts';
import { removeSetting } from '#lib/services/setting/remove.ts';
import { switchSetting } from '#lib/services/setting/switch.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';
import { revisionOf } from '../../../../_settings/draft-url.ts';
import { refusingSettings } from '../../../../_settings/refusing-settings.ts';
import { findSection, INSTEAD, itemUrl } from '../../../../_settings/section-page.ts';

export const dynamic = 'force-dynamic';

/** Switches an item on or off, or removes it, for the page that asks once more. */
export async function POST(request: Request, { params }: { params: Promise<{ section: string }> }): Promise<Response> {
  const { section: slug } = await params;
  return roleForm(request, { role: 'admin', instead: INSTEAD }, (ctx, form, actor) => {
    const found = findSection(slug);
    if (found === null) throw new FormRefusedError(404, 'There is no such list.');
    const name = form.get('name') ?? '';
    const to = form.get('to');
    const change = { section: found.key, name, revision: revisionOf(form) ?? 0, actor };
    try {
      if (to === 'removed') refusingSettings(() => removeSetting(ctx, change));
      else if (to === 'on' || to === 'off') {
        refusingSettings(() => switchSetting(ctx, { ...change, enabled: to === 'on' }));
      } else throw new FormRefusedError(400, 'The form does not say what is to be done.');
    } catch (error) {
      if (!(error instanceof SettingRefusedError || error instanceof SettingChangedError)) throw error;
      throw new FormRefusedError(409, error.message);
    }
    return to === 'removed' ? `/settings/${slug}#items` : itemUrl(slug, name);
  });
}
