/** One thing that was taken out of the template, and why. */
export interface Reduction {
  resourceType: string;
  logicalId: string;
  why: string;
}
