import type { Skips } from './target';

/** What only the embedded target can do. */
export const EMBEDDED_ONLY: Skips = {
  'a theatre with a wrong migration, where no Valkey is to be had':
    'starts an engine of its own without a Valkey, which only the embedded target can',
};
