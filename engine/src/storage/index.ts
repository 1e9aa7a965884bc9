export * from './blobs';
export * from './database';
export * from './store';
