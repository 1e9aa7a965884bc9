import type { ClientCertificate } from '@aws-sdk/client-api-gateway';
import { AwsError, type Call, type Operation } from '../../kernel';
import { badRequest, notFound } from './errors';
import { page } from './pages';
import { patches, requireReplace } from './patch';
import { wholeSeconds } from './rest-apis/rest-apis';
import { type ClientCertificateRecord, tables } from './store';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_CERTIFICATES = 60;
const VALID = 365 * 24 * 3600 * 1000;
/** As of those that AWS makes. */
const NAME = 'C=US, L=Seattle, CN=ApiGateway';

export function requireCertificate(call: Call, id: string | undefined): ClientCertificateRecord {
  const certificate = tables(call).clientCertificates.get(id ?? '');
  if (!certificate) throw notFound('Invalid Client Certificate identifier specified');
  return certificate;
}

/** The key never leaves the gateway but for handshakes with endpoints. */
const shown = ({ key, ...certificate }: ClientCertificateRecord): ClientCertificate => certificate;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html */
export const generateClientCertificate: Operation<'apigateway', 'GenerateClientCertificate'> = async (
  { description, tags },
  call,
) => {
  const createdDate = wholeSeconds(call);
  const expirationDate = new Date(createdDate.getTime() + VALID);
  const { selfSigned } = await import('../../network/self-signed');
  const { cert, key } = await selfSigned({
    name: NAME,
    serialNumber: call.ids.hex(16),
    notBefore: createdDate,
    notAfter: expirationDate,
  });
  const { clientCertificates } = tables(call);
  if (clientCertificates.count() >= MOST_CERTIFICATES) {
    throw new AwsError(
      'LimitExceededException',
      'Maximum number of Client Certificates for this account has been reached. Please contact AWS if you need additional Client Certificates.',
      { status: 429 },
    );
  }
  const certificate: ClientCertificateRecord = {
    clientCertificateId: call.ids.lower(6),
    description,
    pemEncodedCertificate: cert,
    createdDate,
    expirationDate,
    tags: tags && Object.keys(tags).length > 0 ? tags : undefined,
    key,
  };
  clientCertificates.put(certificate.clientCertificateId, certificate);
  return shown(certificate);
};

export const getClientCertificate: Operation<'apigateway', 'GetClientCertificate'> = (input, call) =>
  shown(requireCertificate(call, input.clientCertificateId));

export const getClientCertificates: Operation<'apigateway', 'GetClientCertificates'> = (input, call) =>
  page(
    [...tables(call).clientCertificates.values()].map(shown),
    (one) => one.clientCertificateId ?? '',
    input,
  );

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateClientCertificate-Patch */
export const updateClientCertificate: Operation<'apigateway', 'UpdateClientCertificate'> = (input, call) => {
  const certificate = { ...requireCertificate(call, input.clientCertificateId) };
  for (const patch of patches(input.patchOperations)) {
    requireReplace(patch, ['/description']);
    certificate.description = patch.value || undefined;
  }
  tables(call).clientCertificates.put(certificate.clientCertificateId, certificate);
  return shown(certificate);
};

export const deleteClientCertificate: Operation<'apigateway', 'DeleteClientCertificate'> = (input, call) => {
  const { clientCertificateId: id } = requireCertificate(call, input.clientCertificateId);
  const { clientCertificates, stages } = tables(call);
  for (const { key, value: stage } of stages.entries()) {
    if (stage.clientCertificateId !== id) continue;
    throw badRequest(
      `Client certificate ${id} is in use by the stage ${key.join('/')}. Remove it from the stage first.`,
    );
  }
  clientCertificates.remove(id);
  return {};
};
