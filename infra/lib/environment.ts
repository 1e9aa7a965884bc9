import type { Data } from './data';

export const showsEnvironment = (data: Data) => ({
  SHOWS_TABLE: data.shows.tableName,
  // Where it is, is read at run time: a node may be replaced without a deployment.
  CACHE_ADDRESS_PARAMETER: data.cache.address.parameterName,
});

export const ticketsEnvironment = (data: Data) => ({
  SHOWS_TABLE: data.shows.tableName,
  TICKETS_TABLE: data.tickets.tableName,
});

export const databaseEnvironment = (data: Data) => ({
  // With the login it says where the database is.
  DATABASE_SECRET_ARN: data.database.secret.secretArn,
  // The authorities that sign for RDS are not loaded by themselves since Node 20.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
  NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
});
