export { Context } from './context';
export {
  type Considered,
  consider,
  type Decision,
  decide,
  type Layer,
  type Layers,
  type ResourceSide,
} from './decide';
export { Policy, PolicyCache } from './policy';
export { refusal } from './refusal';
export type { AccessRequest, Mismatch, Statement } from './statement';
