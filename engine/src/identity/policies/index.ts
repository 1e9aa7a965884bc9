export { Context, type Source } from './context';
export {
  type Considered,
  consider,
  type Decider,
  type Decision,
  decide,
  each,
  keysOf,
  type Layer,
  type Layers,
  type ResourceSide,
} from './decide';
export { Policy, PolicyCache } from './policy';
export { refusal } from './refusal';
export type { AccessRequest, Mismatch, Statement } from './statement';
