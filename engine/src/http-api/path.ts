import { authorize } from './authorize';
import { preflight } from './cors';
import type { Stage } from './exchange';
import { integrate } from './integrate';
import { mutualTls } from './mutual-tls';
import { route } from './route';
import { throttle } from './throttle';

/** A request's way through an HTTP API, in order. */
export const stages: readonly (readonly [name: string, stage: Stage])[] = [
  ['mutualTls', mutualTls],
  ['route', route],
  ['throttle', throttle],
  ['authorize', authorize],
  ['preflight', preflight],
  ['integrate', integrate],
];
