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
});
