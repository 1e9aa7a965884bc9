import type { Data } from './data';

export const showsEnvironment = (data: Data) => ({
  SHOWS_TABLE: data.shows.tableName,
  CACHE_HOST: data.cache.host,
  CACHE_PORT: data.cache.port,
});

export const ticketsEnvironment = (data: Data) => ({
  SHOWS_TABLE: data.shows.tableName,
  TICKETS_TABLE: data.tickets.tableName,
});

export const databaseEnvironment = (data: Data) => ({
  DATABASE_HOST: data.database.host,
  DATABASE_PORT: data.database.port,
  DATABASE_NAME: data.database.name,
  DATABASE_SECRET_ARN: data.database.secret.secretArn,
  // The authorities that sign for RDS are not loaded by themselves since Node 20.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
  NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
});
