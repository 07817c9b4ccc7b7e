import { getCertificateProof } from '#lib/services/certificate/get.ts';
import { download } from '../../../../_server/download.ts';

export const dynamic = 'force-dynamic';

/** Leaf, place and signed tree head of a certificate in its certificate log. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = (await params).id.slice(0, 100);
  return download((database) => getCertificateProof(database, { id }), {
    name: `${id}.ct-proof.json`,
    type: 'application/json',
  });
}
