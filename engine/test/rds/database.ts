import { readFile } from 'node:fs/promises';
import type { Endpoint } from '@aws-sdk/client-rds';
import { Client } from 'pg';
import type { TestCloud } from '../../src/testing';

/** The least of an instance; its owner is `owner`. */
export const small = {
  Engine: 'postgres',
  DBInstanceClass: 'db.t4g.micro',
  AllocatedStorage: 20,
  MasterUsername: 'owner',
  MasterUserPassword: 'correct-horse',
};

/** Connects to the database `shop` as a program outside a function does: to where the endpoint's name leads. */
export async function connectTo(
  { cloud }: TestCloud,
  { Address = '', Port = 0 }: Endpoint,
  password: string,
  tls = true,
): Promise<Client> {
  const target = cloud.parts.names.resolve(Address, Port);
  if (!target) throw new Error(`${Address}:${Port} leads nowhere`);
  const ca = await readFile(cloud.parts.addresses.caFile, 'utf8');
  const client = new Client({
    ...target,
    user: 'owner',
    password,
    database: 'shop',
    ...(tls ? { ssl: { ca, servername: Address } } : {}),
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
