import type { Functions } from '../functions';
import type { Addresses } from '../gateway/addresses';
import type { Callers } from '../gateway/callers';
import type { Door } from '../gateway/door';
import type { Identity } from '../identity';
import type { Names, VpcNames } from '../network';
import type { Events } from '../observe';
import type { Servers } from '../servers';
import type { Blobs } from '../storage';

/** The rooms that services lean on. Types only: cloud/ puts the real ones in, a test may put in others. */
export interface Parts {
  readonly blobs: Blobs;
  readonly events: Events;
  readonly identity: Identity;
  readonly functions: Functions;
  readonly servers: Servers;
  readonly names: Names;
  /** What names lead to where from within VPCs. */
  readonly vpcNames: VpcNames;
  readonly addresses: Addresses;
  /** For rooms that speak to a service as clients do, in its protocol. */
  readonly door: Door;
  /** For rooms whose requests are no operations of a service: who calls, and whether they may. */
  readonly callers: Callers;
}
