import { HashListError } from '#lib/hash-list/hash-list-error.ts';
import { HASH_LIST_LIMITS } from '#lib/hash-list/limits.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { ApiError } from '#lib/http/problem.ts';
import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { readDatabase } from '../../../_server/database.ts';
import { type GivenList, readGivenList } from '../../../_server/given-list.ts';
import { whoMay } from '../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** A list may come as text and as a file, with the form's own lines around them. */
const MAX_BODY = HASH_LIST_LIMITS.maxBytes + 64 * 1024;

/**
 * Takes a list of hashes from the Verify page, answers with the address of its receipt: as a redirect to forms, as JSON
 * (`{ url }` or `{ problem }`) to the page's script.
 */
export async function POST(request: Request): Promise<Response> {
  const answer = request.headers.get('Accept')?.includes('application/json') ? JSON_ANSWER : FORM_ANSWER;
  const asker = await whoMay(request.headers, 'viewer');
  if (asker instanceof Response) return answer.refuse(asker.status, await firstLine(asker));
  try {
    const given = await readGivenList(request, await readBody(request, MAX_BODY));
    const database = readDatabase();
    if ('problem' in database) return answer.refuse(503, database.problem);
    const standards = await standardsInForce(database);
    if (!standards)
      return answer.refuse(503, 'No trust root is in force yet: start the jobs (npm start does), and try again.');
    const ctx = { database, now: Date.now, log: createLogger('web') };
    const { id } = verifyHashList(ctx, { ...verificationOf(given), channel: 'browser', source: 'browser' }, standards);
    return answer.accept(`/verifications/${id}`);
  } catch (error) {
    const [status, reason] = refusalOf(error);
    return answer.refuse(status, reason);
  }
}

async function firstLine(refused: Response): Promise<string> {
  return (await refused.text()).split('\n', 1)[0] ?? '';
}

function verificationOf({ bytes, model, version, place }: GivenList) {
  return { list: readHashList(bytes), place, expect: model === null ? null : { model, version } };
}

/** @throws what is no refusal, but a fault of ours. */
function refusalOf(error: unknown): [status: number, reason: string] {
  if (error instanceof HashListError) {
    const isNamed = error.at === null || error.message.includes(error.at);
    return [400, isNamed ? error.message : `${error.at}: ${error.message}`];
  }
  if (error instanceof ExpectationError) return [400, error.message];
  if (!(error instanceof ApiError)) throw error;
  if (error.status !== 413) return [error.status, error.problem.detail];
  return [413, `The list is too large: at most ${HASH_LIST_LIMITS.maxBytes / 1024 / 1024} MiB are taken at once.`];
}

interface Answer {
  accept(url: string): Response;
  refuse(status: number, reason: string): Response;
}

const JSON_ANSWER: Answer = {
  accept: (url) => Response.json({ url }, { status: 201, headers: { Location: url } }),
  refuse: (status, problem) => Response.json({ problem }, { status }),
};

const FORM_ANSWER: Answer = {
  accept: (url) => new Response(null, { status: 303, headers: { Location: url } }),
  refuse: (status, reason) => {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
    return new Response(`${reason}\n\nGo back to the Verify page: nothing was kept.\n`, { status, headers });
  },
};
