import { getVerification } from '#lib/services/verification/get.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** A receipt as a file to keep: what was handed in, the first answer whole, and the newest. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return download(
    async (database) => {
      const receipt = await getVerification(database, { id });
      return receipt && `${JSON.stringify(receipt, null, 2)}\n`;
    },
    { name: `${id}.json`, type: 'application/json' },
  );
}
