import type { Plan } from './measure';

type Effort = Omit<Plan, 'engines' | 'say'>;

export const full: Effort = {
  rounds: 3,
  starts: 5,
  coldStarts: 7,
  amount: { requests: 2000, seconds: 4 },
};

/** Enough to see that everything is measured; the figures mean little. */
export const quick: Effort = {
  rounds: 1,
  starts: 1,
  coldStarts: 1,
  amount: { requests: 50, seconds: 2 },
};
