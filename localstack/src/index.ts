export { type Certificates, makeCertificates } from './certificates';
export * from './containers';
export { type Missing, missingOn } from './missing';
export type { Reduction } from './reduce';
export { clientConfig, type Surroundings, type Teller } from './surroundings';
export { type Deployed, deployTheatre } from './theatre';
