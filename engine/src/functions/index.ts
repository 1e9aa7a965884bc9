export * from './environments';
export * from './functions';
