import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import {
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  GenerateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud } from '../../src/testing';
import { askSecurely, CLOSED, Issuer } from './certificates';
import { set } from './seen-support';
import { Bed } from './support';

const NAME = 'secure.example.com';

test('after a restart, before anybody called API Gateway, clients and backends see the same certificates', async () => {
  const own = await Issuer.root('CN=backend');
  const backend = createServer(
    { ...own.identity, requestCert: true, rejectUnauthorized: false },
    (req, res) => res.end((req.socket as TLSSocket).getPeerX509Certificate()?.toString() ?? 'none'),
  );
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const stateDirectory = await mkdtemp(join(tmpdir(), 'mutual-'));
  const bed = await Bed.start({ stateDirectory });
  const api = await bed.newApi();
  await api.method('GET', '/', {
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'GET',
    uri: `https://127.0.0.1:${(backend.address() as AddressInfo).port}/`,
    tlsConfig: { insecureSkipVerification: true },
  });
  await api.deploy('prod');
  const made = await bed.api.send(new GenerateClientCertificateCommand({}));
  await set(api, { '/clientCertificateId': made.clientCertificateId ?? '' });
  const root = await Issuer.root('CN=Root');
  const s3 = bed.cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'trust' }));
  await s3.send(new PutObjectCommand({ Bucket: 'trust', Key: 'ca.pem', Body: root.identity.cert }));
  await bed.api.send(
    new CreateDomainNameCommand({
      domainName: NAME,
      regionalCertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1',
      endpointConfiguration: { types: ['REGIONAL'] },
      mutualTlsAuthentication: { truststoreUri: 's3://trust/ca.pem' },
    }),
  );
  await bed.api.send(
    new CreateBasePathMappingCommand({ domainName: NAME, restApiId: api.id, stage: 'prod' }),
  );
  await bed.stop();

  const again = await startCloud({ stateDirectory });
  const ask = (client?: { cert: string; key: string }) =>
    askSecurely(again.port, { name: NAME, path: '/', client });
  await expect(ask()).rejects.toMatchObject(CLOSED);
  const { status, text } = await ask(await root.client('CN=device'));
  expect(status).toBe(200);
  expect(text.replace(/\s/g, '')).toBe(made.pemEncodedCertificate?.replace(/\s/g, ''));
  expect((await ask((await Issuer.root('CN=Root')).identity)).status).toBe(403);
  await again.stop();
  backend.closeAllConnections();
  backend.close();
  await rm(stateDirectory, { recursive: true });
});
