import { createRoute } from '@hono/zod-openapi';
import type { OpenDatabase } from '#db/client.ts';
import {
  getBundleBytes,
  getCheckpointNote,
  getEntryBytes,
  getInclusionProof,
} from '#lib/services/event/get-download.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { file } from '../responses.ts';
import { sendBytes } from '../send-bytes.ts';
import { eventParams } from './events.ts';

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

interface EventFile {
  readonly path: string;
  readonly type: typeof TEXT | typeof BYTES;
  readonly ending: string;
  readonly summary: string;
  readonly read: (database: OpenDatabase, input: { id: string }) => Promise<Uint8Array | string | null>;
}

const FILES: readonly EventFile[] = [
  {
    path: '/events/{id}/entry',
    type: BYTES,
    ending: 'entry',
    summary: 'The entry as the log has it, byte for byte',
    read: getEntryBytes,
  },
  {
    path: '/events/{id}/proof',
    type: TEXT,
    ending: 'tlog-proof',
    summary: 'The inclusion proof with its checkpoint (C2SP tlog-proof)',
    read: getInclusionProof,
  },
  {
    path: '/events/{id}/checkpoint',
    type: TEXT,
    ending: 'checkpoint',
    summary: 'The signed checkpoint that the proof leads to',
    read: getCheckpointNote,
  },
  {
    path: '/events/{id}/bundle',
    type: BYTES,
    ending: 'sigstore.json',
    summary:
      'The bundle joined with the event: the first that verified, else the first; /bundles/{id}/content gives any',
    read: getBundleBytes,
  },
];

/** What an event rests on, for checking it elsewhere. */
export function addEventFileRoutes(api: Api, environment: ApiEnvironment): void {
  for (const { path, type, ending, summary, read } of FILES) {
    const route = createRoute({
      method: 'get',
      path,
      tags: ['Events'],
      summary,
      request: { params: eventParams },
      responses: { 200: file(type, 'The file.'), ...problems(400, 404, 503) },
    });
    api.openapi(route, async (c) => {
      const { id } = c.req.valid('param');
      const content = await read(environment.database(), { id });
      if (content === null) throw notFound(`The event ${id} has no such file.`, 'Its “files” say which there are.');
      return sendBytes(c, Buffer.from(content), { type, name: `${id}.${ending}` });
    });
  }
}
