import { getLogKey } from '#lib/services/log/get-download.ts';
import { download } from '../../../../_server/download.ts';
import { rowNumber } from '../../../../_server/row-number.ts';

export const dynamic = 'force-dynamic';

/** The key that the log signs with, as PEM. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = rowNumber((await params).id);
  return download(
    async (database) => {
      const der = id === null ? null : await getLogKey(database, { id });
      return der && toPem(der);
    },
    { name: `log-${id}.pem`, type: 'application/x-pem-file' },
  );
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}
