import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateInvalidationCommand,
  CreateOriginAccessControlCommand,
  DeleteDistributionCommand,
  type DistributionConfig,
  GetCachePolicyCommand,
  GetDistributionCommand,
  ListCachePoliciesCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';

const OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const SECURITY = '67f7725c-6f97-4210-82d7-5512b31e9d03';

let cloud: TestCloud;
let cloudfront: CloudFrontClient;
let s3: S3Client;
let origin: Server;
let asked: IncomingMessage[] = [];
let count = 0;

beforeAll(async () => {
  cloud = await startCloud();
  cloudfront = cloud.client(CloudFrontClient);
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  origin = createServer((req, res) => {
    asked.push(req);
    const status = Number(/status=(\d+)/.exec(req.url ?? '')?.[1] ?? 200);
    res.writeHead(status, { 'content-type': 'application/json', 'x-origin': 'yes' });
    res.end(JSON.stringify({ count: ++count, method: req.method, url: req.url }));
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(async () => {
  await cloud.stop();
  origin.close();
});
beforeEach(() => {
  asked = [];
});

let reference = 0;
const bucketDomain = (bucket: string) => `${bucket}.s3.us-east-1.amazonaws.com`;

async function distribution(changes: Partial<DistributionConfig>) {
  const { Distribution, ETag } = await cloudfront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: `r${reference++}`,
        Comment: '',
        Enabled: true,
        Origins: undefined,
        DefaultCacheBehavior: undefined,
        ...changes,
      },
    }),
  );
  const id = Distribution!.Id!;
  return {
    id,
    etag: ETag!,
    arn: Distribution!.ARN!,
    domain: Distribution!.DomainName!,
    url: cloud.cloud.edge.urlOf(id)!,
  };
}

const customOrigin = () => ({
  Quantity: 1,
  Items: [
    {
      Id: 'o',
      DomainName: '127.0.0.1',
      CustomOriginConfig: {
        HTTPPort: (origin.address() as AddressInfo).port,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'http-only' as const,
      },
    },
  ],
});

const error = async (sent: Promise<unknown>) => {
  try {
    await sent;
  } catch (caught) {
    const { name, message, $metadata } = caught as Error & { $metadata: { httpStatusCode: number } };
    return { name, message, status: $metadata.httpStatusCode };
  }
  throw new Error('was accepted');
};

describe('a site in a private bucket', () => {
  let site: Awaited<ReturnType<typeof distribution>>;

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'site' }));
    const put = (Key: string, Body: string, ContentType: string, CacheControl?: string) =>
      s3.send(new PutObjectCommand({ Bucket: 'site', Key, Body, ContentType, CacheControl }));
    await put('index.html', '<h1>theatre</h1>', 'text/html', 'no-cache');
    await put('assets/app.js', 'x();'.repeat(1000), 'text/javascript', 'public, max-age=31536000');
    await put('a b.txt', 'spaced', 'text/plain');
    const control = await cloudfront.send(
      new CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name: 'site',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      }),
    );
    site = await distribution({
      DefaultRootObject: 'index.html',
      Origins: {
        Quantity: 1,
        Items: [
          {
            Id: 's3',
            DomainName: bucketDomain('site'),
            OriginAccessControlId: control.OriginAccessControl!.Id,
            S3OriginConfig: { OriginAccessIdentity: '' },
          },
        ],
      },
      DefaultCacheBehavior: {
        TargetOriginId: 's3',
        ViewerProtocolPolicy: 'redirect-to-https',
        CachePolicyId: OPTIMIZED,
        ResponseHeadersPolicyId: SECURITY,
        Compress: true,
      },
      CustomErrorResponses: {
        Quantity: 1,
        Items: [
          { ErrorCode: 403, ResponseCode: '200', ResponsePagePath: '/index.html', ErrorCachingMinTTL: 0 },
        ],
      },
    });
  });

  test('is closed until the bucket lets the distribution in', async () => {
    const before = await fetch(`${site.url}/`);
    expect(before.status).toBe(403);
    expect(await before.text()).toContain('<Code>AccessDenied</Code>');
    await s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'site',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Action: 's3:GetObject',
              Resource: 'arn:aws:s3:::site/*',
              Condition: { StringEquals: { 'AWS:SourceArn': site.arn } },
            },
          ],
        }),
      }),
    );
    const after = await fetch(`${site.url}/`);
    expect(after.status).toBe(200);
    expect(await after.text()).toBe('<h1>theatre</h1>');
    expect(after.headers.get('x-content-type-options')).toBe('nosniff');
    expect(after.headers.get('via')).toMatch(/^1\.1 d[a-z0-9]+\.cloudfront\.net \(CloudFront\)$/);
  });

  test('misses once and hits from then on, until it is invalidated', async () => {
    const get = async () => (await fetch(`${site.url}/assets/app.js`)).headers.get('x-cache');
    expect(await get()).toBe('Miss from cloudfront');
    const hit = await fetch(`${site.url}/assets/app.js`);
    expect(hit.headers.get('x-cache')).toBe('Hit from cloudfront');
    expect(hit.headers.get('age')).toMatch(/^\d+$/);
    const batch = { CallerReference: 'one', Paths: { Quantity: 1, Items: ['/assets/*'] } };
    const sent = await cloudfront.send(
      new CreateInvalidationCommand({ DistributionId: site.id, InvalidationBatch: batch }),
    );
    expect(sent.Invalidation?.Status).toBe('Completed');
    expect(await get()).toBe('Miss from cloudfront');
  });

  test('compresses by the policy', async () => {
    const response = await fetch(`${site.url}/assets/app.js`, { headers: { 'accept-encoding': 'br' } });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(await response.text()).toBe('x();'.repeat(1000));
  });

  test('a path that is no key is the page', async () => {
    const response = await fetch(`${site.url}/shows/7`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<h1>theatre</h1>');
    expect(response.headers.get('x-cache')).toBe('Error from cloudfront');
  });

  test('decoded keys, HEAD, conditions and ranges', async () => {
    expect(await (await fetch(`${site.url}/a%20b.txt`)).text()).toBe('spaced');
    const head = await fetch(`${site.url}/a%20b.txt`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    const etag = head.headers.get('etag')!;
    const again = await fetch(`${site.url}/a%20b.txt`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    const part = await fetch(`${site.url}/a%20b.txt`, { headers: { range: 'bytes=0-2' } });
    expect([part.status, await part.text()]).toEqual([206, 'spa']);
  });

  test('a large object goes through whole', async () => {
    const Body = Buffer.alloc(12_000_000, 'x');
    await s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'large.bin', Body }));
    const response = await fetch(`${site.url}/large.bin`);
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, Body.length]);
    expect((await fetch(`${site.url}/large.bin`)).headers.get('x-cache')).toBe('Miss from cloudfront');
  });

  test('methods that are not allowed are refused at the edge', async () => {
    const response = await fetch(`${site.url}/`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('not configured to allow the HTTP request method');
  });

  test('answers under its name on the main port too', async () => {
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port: cloud.port, path: '/', headers: { host: site.domain } }, (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

describe('an HTTP origin', () => {
  test('by path pattern; headers, query and body as the policies say', async () => {
    const made = await distribution({
      Origins: customOrigin(),
      DefaultCacheBehavior: {
        TargetOriginId: 'o',
        ViewerProtocolPolicy: 'allow-all',
        CachePolicyId: OPTIMIZED,
      },
      CacheBehaviors: {
        Quantity: 1,
        Items: [
          {
            PathPattern: '/api/*',
            TargetOriginId: 'o',
            ViewerProtocolPolicy: 'https-only',
            CachePolicyId: DISABLED,
            OriginRequestPolicyId: ALL_BUT_HOST,
            AllowedMethods: {
              Quantity: 7,
              Items: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
            },
          },
        ],
      },
    });
    const headers = { 'x-mine': '1', cookie: 'c=1', authorization: 'Bearer x' };
    const api = await fetch(`${made.url}/api/x?q=1`, { method: 'POST', body: '{}', headers });
    expect(await api.json()).toMatchObject({ method: 'POST', url: '/api/x?q=1' });
    expect(asked[0]!.headers).toMatchObject({ 'x-mine': '1', cookie: 'c=1', authorization: 'Bearer x' });
    expect(asked[0]!.headers.host).toContain('127.0.0.1');
    expect((await fetch(`${made.url}/api/x`)).headers.get('x-cache')).toBe('Miss from cloudfront');
    expect((await fetch(`${made.url}/api/x`)).headers.get('x-cache')).toBe('Miss from cloudfront');
    asked = [];
    const other = await fetch(`${made.url}/page?q=1`, { headers });
    expect(await other.json()).toMatchObject({ url: '/page' });
    expect(asked[0]!.headers['x-mine']).toBeUndefined();
    expect(asked[0]!.headers.cookie).toBeUndefined();
    expect(asked[0]!.headers['user-agent']).toBe('Amazon CloudFront');
    expect((await fetch(`${made.url}/page?q=2`)).headers.get('x-cache')).toBe('Hit from cloudfront');
  });

  test('errors are kept for ten seconds, an origin that is away is a 502', async () => {
    const made = await distribution({
      Origins: customOrigin(),
      DefaultCacheBehavior: {
        TargetOriginId: 'o',
        ViewerProtocolPolicy: 'allow-all',
        CachePolicyId: DISABLED,
        OriginRequestPolicyId: ALL_BUT_HOST,
      },
    });
    const first = await fetch(`${made.url}/x?status=404`);
    expect([first.status, first.headers.get('x-cache')]).toEqual([404, 'Error from cloudfront']);
    await fetch(`${made.url}/x?status=404`);
    expect(asked).toHaveLength(1);
    const away = await distribution({
      Origins: {
        Quantity: 1,
        Items: [
          {
            Id: 'o',
            DomainName: '127.0.0.1',
            ConnectionAttempts: 1,
            CustomOriginConfig: { HTTPPort: 9, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
          },
        ],
      },
      DefaultCacheBehavior: {
        TargetOriginId: 'o',
        ViewerProtocolPolicy: 'allow-all',
        CachePolicyId: DISABLED,
      },
    });
    expect((await fetch(`${away.url}/`)).status).toBe(502);
  });
});

describe('the control plane', () => {
  const plain = () => ({
    Origins: customOrigin(),
    DefaultCacheBehavior: {
      TargetOriginId: 'o',
      ViewerProtocolPolicy: 'allow-all' as const,
      CachePolicyId: DISABLED,
    },
  });

  test('versions, disabling, deletion', async () => {
    const made = await distribution(plain());
    expect(made.id).toMatch(/^E[A-Z0-9]{13}$/);
    expect(made.domain).toMatch(/^d[a-z0-9]{13}\.cloudfront\.net$/);
    const { Distribution } = await cloudfront.send(new GetDistributionCommand({ Id: made.id }));
    const config = Distribution!.DistributionConfig!;
    const update = (IfMatch: string, Enabled: boolean) =>
      cloudfront.send(
        new UpdateDistributionCommand({ Id: made.id, IfMatch, DistributionConfig: { ...config, Enabled } }),
      );
    expect(await error(update('ENOTHISONE', false))).toMatchObject({
      name: 'PreconditionFailed',
      status: 412,
    });
    const remove = (IfMatch: string) =>
      cloudfront.send(new DeleteDistributionCommand({ Id: made.id, IfMatch }));
    expect(await error(remove(made.etag))).toMatchObject({ name: 'DistributionNotDisabled', status: 409 });
    const { ETag } = await update(made.etag, false);
    expect((await fetch(`${made.url}/`)).status).toBe(403);
    await remove(ETag!);
    expect(cloud.cloud.edge.urlOf(made.id)).toBeUndefined();
    expect(await error(cloudfront.send(new GetDistributionCommand({ Id: made.id })))).toMatchObject({
      name: 'NoSuchDistribution',
      status: 404,
    });
    const listed = await cloudfront.send(new ListDistributionsCommand({}));
    expect(listed.DistributionList?.Items?.map((item) => item.Id)).not.toContain(made.id);
  });

  test('managed policies have their own ids', async () => {
    const { CachePolicy } = await cloudfront.send(new GetCachePolicyCommand({ Id: OPTIMIZED }));
    expect(CachePolicy?.CachePolicyConfig).toMatchObject({ Name: 'Managed-CachingOptimized', MinTTL: 1 });
    const listed = await cloudfront.send(new ListCachePoliciesCommand({ Type: 'managed' }));
    expect(listed.CachePolicyList?.Items?.length).toBeGreaterThanOrEqual(5);
  });

  test.each<[string, Partial<DistributionConfig>]>([
    ['Aliases', { Aliases: { Quantity: 1, Items: ['www.example.com'] } }],
    ['WebACLId', { WebACLId: 'x' }],
    [
      'Restrictions',
      { Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 1, Items: ['DE'] } } },
    ],
    ['Logging', { Logging: { Enabled: true, Bucket: 'b', IncludeCookies: false, Prefix: '' } }],
  ])('%s is refused by name', async (name, changes) => {
    expect(await error(distribution({ ...plain(), ...changes }))).toMatchObject({
      status: 501,
      message: expect.stringContaining(name),
    });
  });

  test('a behaviour for an origin that is not there', async () => {
    const config = plain();
    config.DefaultCacheBehavior.TargetOriginId = 'nope';
    expect(await error(distribution(config))).toMatchObject({ name: 'NoSuchOrigin' });
  });
});
