export { LocalServers } from './local-servers';
export * from './servers';
