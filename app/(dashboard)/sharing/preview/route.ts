import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { getPublic } from '#lib/services/sharing/get-public.ts';
import { renderPage } from '../../../_public/page.ts';
import { assetsBase } from '../../../_public/serve.ts';
import { answerFor, plain } from '../../../_server/answer-for.ts';
import { readFormParts, readFormTarget } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** What outsiders would see of a model or version with these parts. Nothing is published by looking at it. */
export async function GET(request: Request): Promise<Response> {
  return answerFor(request, 'investigator', (database) => preview(database, request));
}

async function preview(database: OpenDatabase, request: Request): Promise<Response> {
  const form = new URL(request.url).searchParams;
  try {
    const version = await getPublic(database, { ...readFormTarget(form), parts: readFormParts(form) }, null);
    if (!version) return plain(404, 'There is no such model or version.');
    const { organisation, trust } = await getConfiguration(database);
    const page = renderPage(version, {
      base: '/sharing',
      root: '/sharing',
      assets: assetsBase(),
      origin: '',
      publisher: organisation,
      hasOwnTrustRoot: trust?.source === 'file',
      isPreview: true,
      expiresAt: null,
    });
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
    return new Response(page, { headers });
  } catch (error) {
    if (error instanceof z.ZodError) return plain(400, 'The address of the preview cannot be read.');
    throw error;
  }
}
