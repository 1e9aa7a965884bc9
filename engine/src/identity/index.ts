export { type Authenticated, authenticate, queryOf } from './authenticate';
export * from './identity';
export { ALGORITHM } from './signature/claim';
export type { Family } from './signature/errors';
