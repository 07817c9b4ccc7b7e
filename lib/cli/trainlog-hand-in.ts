import { z } from 'zod';
import { MAX_LOG_BYTES } from '#lib/training-log/read.ts';
import { readFileUpTo } from './read-file.ts';
import { ModeltrailServer } from './server.ts';

const takenSchema = z.object({ id: z.string().max(100) });

/** What a server made of a log: its id there, or why it was refused. */
export interface HandedInLog {
  readonly id: string | null;
  readonly reason: string | null;
}

/** Hands a sealed training log to a Modeltrail over its API. @throws {UsageError} where there is no answer that is one. */
export async function handInTrainingLog(
  path: string,
  { server, tokenFile }: { readonly server: string; readonly tokenFile: string },
): Promise<HandedInLog> {
  const body = await readFileUpTo(path, MAX_LOG_BYTES, 'training log');
  const modeltrail = await ModeltrailServer.open(server, tokenFile);
  try {
    const request = { schema: takenSchema, body, type: 'application/jsonl', explained: [422] };
    const answer = await modeltrail.post('/training-logs', request);
    if (answer.isGood) return { id: answer.value.id, reason: null };
    const { code, detail } = answer.problem;
    return { id: null, reason: `${code}: ${detail}` };
  } finally {
    await modeltrail.close();
  }
}
