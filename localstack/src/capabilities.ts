/** What the running LocalStack says of itself. */
export interface Capabilities {
  version: string;
  edition: string;
  paid: boolean;
  /** Whether it makes resources of this CloudFormation type; without it, they are placeholders. */
  has(resourceType: string): boolean;
}
