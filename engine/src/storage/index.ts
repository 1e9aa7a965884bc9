export * from './blobs';
export * from './database';
export { SealError } from './seal';
export * from './store';
