import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { startCloud } from '../../src/testing';

test('after a restart a distribution answers where it answered before', async () => {
  const origin = createServer((_req, res) => res.end('here'));
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', () => resolve()));
  const stateDirectory = await mkdtemp(join(tmpdir(), 'edge-'));
  const first = await startCloud({ stateDirectory });
  const { Distribution } = await first.client(CloudFrontClient).send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: 'r',
        Comment: '',
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: 'o',
              DomainName: '127.0.0.1',
              CustomOriginConfig: {
                HTTPPort: (origin.address() as AddressInfo).port,
                HTTPSPort: 443,
                OriginProtocolPolicy: 'http-only',
              },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: 'o',
          ViewerProtocolPolicy: 'allow-all',
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        },
      },
    }),
  );
  const url = first.cloud.edge.urlOf(Distribution!.Id!)!;
  expect(await (await fetch(url)).text()).toBe('here');
  await first.stop();
  const second = await startCloud({ stateDirectory });
  expect(second.cloud.edge.urlOf(Distribution!.Id!)).toBe(url);
  expect(await (await fetch(url)).text()).toBe('here');
  await second.stop();
  origin.close();
  await rm(stateDirectory, { recursive: true });
});
