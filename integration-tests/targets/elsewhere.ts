import type { Skips } from './target';

/** What is about grants: each test of it changes roles, or asks IAM what would be allowed. */
const ABOUT_GRANTS = [
  'what functions may do',
  'a grant that is missing',
  'a permission that is missing',
  'a grant of the API’s that is missing',
  'a grant that is missing in a deployment',
  'the site’s bucket without its policy for CloudFront',
];

const skipAll = (suites: string[], reason: string): Skips =>
  Object.fromEntries(suites.map((suite) => [suite, reason]));

/** LocalStack allows everything to everybody, but for a licence and ENFORCE_IAM. https://docs.localstack.cloud/aws/capabilities/security-testing/iam-policy-enforcement/ */
export const WITHOUT_IAM: Skips = skipAll(
  ABOUT_GRANTS,
  'LocalStack holds nobody against policies (a licensed one only where it is told to)',
);

/** A change of a role counts everywhere on AWS after a while that nobody promises. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency */
export const WITH_SLOW_CHANGES: Skips = skipAll(
  ABOUT_GRANTS.slice(1),
  'takes grants away and puts them back a hundred times; on AWS each change takes effect after seconds, at no known moment',
);

/** What only the embedded target can do. */
export const EMBEDDED_ONLY: Skips = {
  'a theatre with a wrong migration, where no Valkey is to be had':
    'starts an engine of its own without a Valkey, which only the embedded target can',
};
