import { AwsError } from '../../kernel/errors';
import { malformedXml } from '../malformed-xml';
import type { OperationModel } from '../model';
import type { Violation } from './compile';
import { isHidden, lowerFirst, printValue } from './print';

/** How each family of services says that an input is wrong. */

type Dialect = (operation: OperationModel, violations: readonly Violation[]) => AwsError | undefined;

/** AWS lists ten at most. */
const MOST = 10;

function sentenceOf(path: string, violation: Violation, hideAll: boolean): string {
  const { shape, value, kind, sentence } = violation;
  const hidden = kind !== 'null' && (hideAll || isHidden(shape));
  const shown = kind === 'null' ? ' null' : hidden ? '' : ` '${printValue(shape, value)}'`;
  return `Value${shown} at '${path}' failed to satisfy constraint: ${sentence}`;
}

function summary(sentences: readonly string[]): string {
  const shown = sentences.slice(0, MOST);
  const errors = shown.length === 1 ? 'error' : 'errors';
  return `${shown.length} validation ${errors} detected: ${shown.join('; ')}`;
}

function coral(code: string): Dialect {
  return (_operation, violations) =>
    new AwsError(code, summary(violations.map((violation) => sentenceOf(violation.path, violation, false))), {
      status: 400,
    });
}

/** API Gateway wraps the body of a request in a structure named for the operation, ahead of what is in the URL. */
const apiGateway =
  (code: string): Dialect =>
  (operation, violations) => {
    const inBody = (violation: Violation): boolean => {
      const first = violation.path.split('.')[0] ?? '';
      const member = operation.input?.members.find((candidate) => lowerFirst(candidate.name) === first);
      return member?.in === undefined;
    };
    const prefix = `${lowerFirst(operation.name)}Input`;
    const body = violations.filter(inBody).map((v) => sentenceOf(`${prefix}.${v.path}`, v, false));
    const url = violations.filter((v) => !inBody(v)).map((v) => sentenceOf(v.path, v, false));
    return new AwsError(code, summary([...body, ...url]), { status: 400 });
  };

const IAM_NAME = '[\\w+=,.@-]+';

/** IAM shows no values, nor the values of an enum; for the pattern of its names it has a sentence of its own. */
const iam: Dialect = (_operation, violations) => {
  const name = violations.find((v) => v.kind === 'pattern' && v.shape.json.pattern === IAM_NAME);
  if (name && violations.length === 1) {
    const allowed = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';
    return new AwsError('ValidationError', `The specified value for ${name.path} is invalid. ${allowed}`, {
      status: 400,
    });
  }
  const sentences = violations.map((violation) => {
    const text = sentenceOf(violation.path, violation, true);
    return violation.kind === 'enum' ? text.replace(/ enum value set: \[.*\]$/s, ' enum value set') : text;
  });
  return new AwsError('ValidationError', summary(sentences), { status: 400 });
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const ec2: Dialect = (operation, violations) => {
  const missing = violations.find((violation) => violation.kind === 'null');
  const { model } = operation;
  if (missing) {
    const named = model.service === 'ec2' ? missing.member.ec2 : missing.member.xml;
    return new AwsError('MissingParameter', `The request must contain the parameter ${named}`, {
      status: 400,
    });
  }
  const violation = violations[0]!;
  const shown = isHidden(violation.shape) ? '' : ` (${printValue(violation.shape, violation.value)})`;
  const bound = /than or equal to (\S+)$/.exec(violation.sentence)?.[1];
  const expects =
    bound === undefined
      ? ''
      : ` Expecting a value ${violation.kind === 'min' ? 'greater' : 'less'} than or equal to ${bound}.`;
  const parameter = lowerFirst(violation.member.ec2);
  return new AwsError(
    'InvalidParameterValue',
    `Value${shown} for parameter ${parameter} is invalid.${expects}`,
    {
      status: 400,
    },
  );
};

/** RDS and ElastiCache. */
const database: Dialect = (_operation, violations) => {
  const missing = violations.find((violation) => violation.kind === 'null');
  if (missing) {
    const blank = missing.shape.type === 'string' ? 'blank' : 'null';
    const message = `The parameter ${missing.member.name} must be provided and must not be ${blank}.`;
    return new AwsError('InvalidParameterValue', message, { status: 400 });
  }
  const violation = violations[0]!;
  const text = sentenceOf(violation.path, violation, false);
  return new AwsError('InvalidParameterValue', summary([text]), { status: 400 });
};

/** ECR: "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '…''". */
const ecr: Dialect = (_operation, violations) => {
  const sentences = violations.slice(0, MOST).map(({ path, sentence }) => {
    const said = sentence
      .replace(/^Member /, '')
      .replace(/^must satisfy regular expression pattern: (.*)$/s, "must satisfy regular expression '$1'");
    return `Invalid parameter at '${path}' failed to satisfy constraint: '${said}'`;
  });
  return new AwsError('InvalidParameterException', sentences.join('; '), { status: 400 });
};

/** S3 checks what is in the URL and headers by itself; of its documents it only says that they are wrong. */
const s3: Dialect = (operation, violations) => {
  const { payload } = operation.input ?? {};
  const missing = violations.find((v) => v.kind === 'null' && v.member === payload);
  if (missing) return new AwsError('MissingRequestBodyError', 'Request Body is empty', { status: 400 });
  const prefix = payload && `${lowerFirst(payload.name)}.`;
  const wrong = violations.some(
    (v) => prefix !== undefined && v.path.startsWith(prefix) && (v.kind === 'null' || v.kind === 'enum'),
  );
  return wrong ? malformedXml(operation) : undefined;
};

const DIALECTS: Record<string, Dialect> = {
  apigateway: apiGateway('ValidationException'),
  // Its operations know no other error of bad input.
  apigatewayv2: apiGateway('BadRequestException'),
  cloudformation: coral('ValidationError'),
  cloudfront: coral('MalformedXML'),
  cloudwatch: coral('ValidationError'),
  ec2,
  ecr,
  elasticache: database,
  iam,
  logs: coral('InvalidParameterException'),
  rds: database,
  s3,
  sts: coral('ValidationError'),
  // Its operations know no other error of bad input.
  xray: coral('InvalidRequestException'),
};

const usual = coral('ValidationException');

export function refuse(operation: OperationModel, violations: readonly Violation[]): AwsError | undefined {
  return (DIALECTS[operation.model.service] ?? usual)(operation, violations);
}
