import { AwsError, type Call, isAwsError, notImplemented, parseArn, takeRole } from '../../kernel';
import { invalid } from './errors';
import type { FunctionVersion } from './store';

// What CreateFunction and UpdateFunctionConfiguration refuse.

/** In the order of AWS's own message. */
const RUNTIMES =
  'nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2';
const KNOWN = new Set(RUNTIMES.split(', '));
/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated */
const DEPRECATED = new Set(
  'nodejs nodejs4.3 nodejs4.3-edge nodejs6.10 nodejs8.10 nodejs10.x nodejs12.x nodejs14.x java8 python2.7 python3.6 python3.7 dotnetcore1.0 dotnetcore2.0 dotnetcore2.1 dotnetcore3.1 go1.x ruby2.5 ruby2.7 provided'.split(
    ' ',
  ),
);

export function checkRuntime(runtime: string): void {
  if (DEPRECATED.has(runtime)) {
    throw invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  if (!KNOWN.has(runtime)) {
    throw invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES}] or be a valid ARN`,
    );
  }
}

/** An image needs Docker, and says so when it is made. */
export const canRun = ({ image, runtime }: FunctionVersion, call: Call) =>
  image !== undefined || call.parts.functions.runs(runtime);

/**
 * Functions of other runtimes can be kept, as CDK's own stacks bring some along that need not run here; they cannot
 * be invoked.
 */
export function refuseToRun(version: FunctionVersion, call: Call): void {
  if (canRun(version, call)) return;
  throw notImplemented(
    `running Lambda functions of the runtime ${version.runtime} in processes (it runs nodejs18.x, nodejs20.x, nodejs22.x, nodejs24.x; with Docker and \`--lambda-executor docker\` it runs all)`,
  );
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

export function checkEnvironment(variables: Record<string, string>): void {
  const unable =
    'Lambda was unable to configure your environment variables because the environment variables you have provided';
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
  if (reserved.length) {
    throw invalid(
      `${unable} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > 4096) {
    throw invalid(`${unable} exceeded the 4KB limit. String measured: ${measured}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; the model knows no upper bound. */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout === undefined || timeout <= 900) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${timeout}' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900`,
  );
}

const CANNOT_ASSUME = 'The role defined for the function cannot be assumed by Lambda.';

/** The role must be there and trust Lambda. Gives its unique id. */
export async function checkRole(roleArn: string, call: Call): Promise<string> {
  const parsed = parseArn(roleArn);
  if (parsed?.account !== call.account) throw invalid(CANNOT_ASSUME);
  const roleId = await takeRole(call, 'lambda.amazonaws.com', roleArn);
  if (roleId === undefined) throw invalid(CANNOT_ASSUME);
  return roleId;
}

interface VpcInput {
  SubnetIds?: string[] | undefined;
  SecurityGroupIds?: string[] | undefined;
  Ipv6AllowedForDualStack?: boolean | undefined;
}

/** Empty lists take the function out of its VPC. */
export async function checkVpc(input: VpcInput, call: Call): Promise<FunctionVersion['vpc']> {
  const subnetIds = input.SubnetIds ?? [];
  const securityGroupIds = input.SecurityGroupIds ?? [];
  const ipv6 = input.Ipv6AllowedForDualStack ?? false;
  if (subnetIds.length === 0 && securityGroupIds.length === 0) {
    return { vpcId: '', subnetIds: [], securityGroupIds: [], ipv6 };
  }
  if (subnetIds.length === 0 || securityGroupIds.length === 0) {
    throw invalid('SubnetIds and SecurityIds must coexist or be both empty list.');
  }
  const as = call.parts.identity.servicePrincipal('lambda.amazonaws.com', call.account);
  const subnets = await described('DescribeSubnets', () =>
    call.invoke('ec2', 'DescribeSubnets', { SubnetIds: subnetIds }, { as }),
  );
  await described('DescribeSecurityGroups', () =>
    call.invoke('ec2', 'DescribeSecurityGroups', { GroupIds: securityGroupIds }, { as }),
  );
  const vpcs = new Set((subnets.Subnets ?? []).map((subnet) => subnet.VpcId ?? ''));
  if (vpcs.size > 1) throw invalid('Subnet IDs must all be in the same VPC.');
  return { vpcId: [...vpcs][0] ?? '', subnetIds, securityGroupIds, ipv6 };
}

async function described<T>(operation: string, describe: () => Promise<T>): Promise<T> {
  try {
    return await describe();
  } catch (error) {
    if (!isAwsError(error) || error.status === 501) throw error;
    throw invalid(
      `Error occurred while ${operation}. EC2 Error Code: ${error.code}. EC2 Error Message: ${error.message}`,
    );
  }
}
