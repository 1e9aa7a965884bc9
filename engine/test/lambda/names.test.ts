import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda, lambdaRole } from './support';

let cloud: TestCloud;
let lambda: Lambda;
let database: Server;

beforeAll(async () => {
  cloud = await startCloud();
  lambda = new Lambda(cloud, await lambdaRole(cloud));
  database = createServer((socket) => socket.end('I am the database'));
  await new Promise<void>((done) => database.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await cloud.stop();
  database.close();
});

const host = 'shop.abc123.us-east-1.rds.amazonaws.com';

test('a database name leads to its server, as soon as there is one', async () => {
  await lambda.create(
    'database',
    `const net = require('net');
     exports.handler = ({ host, port }) => new Promise((done) => {
       const socket = net.connect(port, host);
       let text = '';
       socket.on('data', (chunk) => { text += chunk; });
       socket.on('close', () => done(text));
       socket.on('error', (error) => done(error.code + ' ' + error.message));
     });`,
  );
  expect((await lambda.invoke('database', { host, port: 5432 })).value).toBe(
    `ECONNREFUSED connect ECONNREFUSED ${host}:5432`,
  );
  // Not even at the ports of HTTP, where other names of AWS lead to the engine.
  expect((await lambda.invoke('database', { host, port: 443 })).value).toMatch(/^ECONNREFUSED/);
  const { port } = database.address() as AddressInfo;
  cloud.cloud.parts.names.set(host, 5432, { host: '127.0.0.1', port });
  expect((await lambda.invoke('database', { host, port: 5432 })).value).toBe('I am the database');
  expect((await lambda.invoke('database', { host: '127.0.0.1', port })).value).toBe('I am the database');
  expect((await lambda.invoke('database', { host: '169.254.169.254', port: 80 })).value).toMatch(
    /^ECONNREFUSED/,
  );
});

test('names of AWS lead to the engine, with a certificate the function trusts', async () => {
  await lambda.create(
    'https',
    `const https = require('https');
     const dns = require('dns').promises;
     const get = (url) => new Promise((done, failed) => https.get(url, (response) => {
       let text = '';
       response.on('data', (chunk) => { text += chunk; });
       response.on('end', () => done({ status: response.statusCode, text }));
     }).on('error', failed));
     exports.handler = async () => ({
       sts: await get('https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15'),
       unknown: await get('https://unknown-service.us-east-1.amazonaws.com/'),
       fetched: (await fetch('https://no-such-thing.us-east-1.amazonaws.com/')).status,
       address: await dns.lookup('sts.amazonaws.com'),
     });`,
  );
  const { value } = await lambda.invoke('https');
  expect(value.sts.status).toBe(403);
  expect(value.sts.text).toContain('MissingAuthenticationToken');
  expect(value.unknown.status).toBe(501);
  expect(value.unknown.text).toContain('unknown-service');
  expect(value.fetched).toBe(501);
  expect(value.address).toEqual({ address: '127.0.0.1', family: 4 });
});

test('the SDK reaches the engine by its own endpoints too', async () => {
  await lambda.create(
    'endpoints',
    `delete process.env.AWS_ENDPOINT_URL;
     const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
     const { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand } = require('@aws-sdk/client-s3');
     exports.handler = async () => {
       const s3 = new S3Client();
       await s3.send(new CreateBucketCommand({ Bucket: 'names-bucket' }));
       await s3.send(new PutObjectCommand({ Bucket: 'names-bucket', Key: 'a', Body: 'hello' }));
       const object = await s3.send(new GetObjectCommand({ Bucket: 'names-bucket', Key: 'a' }));
       const { Account } = await new STSClient().send(new GetCallerIdentityCommand({}));
       return { Account, text: await object.Body.transformToString() };
     };`,
  );
  expect((await lambda.invoke('endpoints')).value).toEqual({ Account: '000000000000', text: 'hello' });
});
