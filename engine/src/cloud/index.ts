export * from './local-cloud';
export { StateFolderError } from './state-folder';
