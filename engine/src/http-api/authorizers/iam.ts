import type { Exchange } from '../exchange';
import { forbidden } from '../faults';

export function iam(_exchange: Exchange): void {
  throw forbidden();
}
