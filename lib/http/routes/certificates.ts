import { createRoute, z } from '@hono/zod-openapi';
import { getCertificate, getCertificateProof } from '#lib/services/certificate/get.ts';
import { listCertificates } from '#lib/services/certificate/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { flagParam, pathParam, textParam } from '../params.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { file, json } from '../responses.ts';
import { certificateDetail, certificateState, certificateSummary } from '../schema/certificate.ts';
import { sendBytes } from '../send-bytes.ts';

const certificatePage = z
  .object({ certificates: z.array(certificateSummary), next: nextField })
  .openapi('CertificatePage');
const params = z.object({ id: pathParam('id', 'The certificate, as lists give it.') });
const BYTES = 'application/octet-stream';

const list = createRoute({
  method: 'get',
  path: '/certificates',
  tags: ['Certificates'],
  summary: 'Certificates of watched identities that certificate logs show, newest first',
  request: {
    query: z.strictObject({
      state: certificateState.optional(),
      rule: textParam('The name of a watch rule that it met.', 512).optional(),
      identity: textParam('The first name in it, as it is shown, whole.').optional(),
      own: flagParam('Only those of own identities.'),
      undecided: flagParam('Only those that cannot be read.'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(certificatePage, 'A page of certificates.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/certificates/{id}',
  tags: ['Certificates'],
  summary: 'One certificate, and what is known of its use',
  request: { params },
  responses: { 200: json(certificateDetail, 'The certificate.'), ...problems(400, 404, 503) },
});

const proof = createRoute({
  method: 'get',
  path: '/certificates/{id}/proof',
  tags: ['Certificates'],
  summary: 'Leaf, place and signed tree head, for checking elsewhere that the certificate log has it (RFC 6962)',
  request: { params },
  responses: { 200: file(BYTES, 'The proof, JSON.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('certificates', z.object({ issuedAt: z.int(), id: z.string().max(100) }));

/** Certificates that certificate logs show. */
export function addCertificateRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, limit, ...filter } = c.req.valid('query');
    const page = await listCertificates(environment.database(), { filter, limit, olderThan: cursor.read(text) });
    const next = withNext(c, page.next && cursor.format(page.next));
    return c.json(conform(certificatePage, { certificates: page.certificates, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const found = await getCertificate(environment.database(), { id });
    if (!found) throw notFound(`There is no certificate ${id}.`, 'GET /api/v1/certificates lists what there is.');
    return c.json(conform(certificateDetail, found), 200);
  });
  api.openapi(proof, async (c) => {
    const { id } = c.req.valid('param');
    const content = await getCertificateProof(environment.database(), { id });
    if (content === null) throw notFound(`No proof is kept of the certificate ${id}.`, 'Its “proofHashes” tells.');
    return sendBytes(c, Buffer.from(content), { type: BYTES, name: `${id}.ct-proof.json` });
  });
}
