import type { Capabilities } from './capabilities';

/** Something that the app, or a test of it, may need and that a LocalStack does not have. */
export interface Missing {
  capability: string;
  reason: string;
}

/** What cannot work on community LocalStack, by the name of the capability. Names are a contract with the tests. */
const COMMUNITY: readonly Missing[] = [
  {
    capability: 'aws-endpoints',
    reason: 'RDS, ElastiCache and CloudFront are containers and a process: their names are not AWS’s',
  },
  {
    capability: 'authorizers',
    reason:
      'authorizers cannot be deployed, and those made through the API are never called: nobody is refused',
  },
  { capability: 'iam', reason: 'policies are stored and not enforced: everything is allowed' },
  { capability: 'signatures', reason: 'signatures are not checked: every caller is let in' },
  { capability: 'throttling', reason: 'throttles and quotas of API Gateway are stored and not enforced' },
  { capability: 'response-cache', reason: 'API Gateway’s response cache is stored and not used' },
  {
    capability: 'gateway-responses',
    reason: 'of API Gateway’s gateway responses only the status counts, not headers and templates',
  },
  {
    capability: 'model-content-types',
    reason: 'API Gateway holds every body against the model for JSON, whatever type it is said to have',
  },
  {
    capability: 'vpc',
    reason: 'security groups and subnets are stored: every container reaches every other',
  },
  {
    capability: 'persistence',
    reason: 'LocalStack forgets everything when it stops; Postgres keeps its data',
  },
  { capability: 'cognito', reason: 'there is no Cognito' },
  { capability: 'waf', reason: 'there is no WAF' },
];

/** What this LocalStack cannot do. Of a paid edition nothing is assumed to be missing. */
export function missingOn(capabilities: Pick<Capabilities, 'paid'>): readonly Missing[] {
  return capabilities.paid ? [] : COMMUNITY;
}
