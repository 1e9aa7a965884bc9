import type { CreateIntegrationRequest } from '@aws-sdk/client-apigatewayv2';
import { notImplemented } from '../../../kernel';
import { badRequest } from '../errors';
import type { IntegrationRecord } from '../store';

export type IntegrationInput = Partial<Omit<CreateIntegrationRequest, 'ApiId'>>;

const WEBSOCKET_ONLY = [
  'ContentHandlingStrategy',
  'PassthroughBehavior',
  'RequestTemplates',
  'TemplateSelectionExpression',
] as const;

/** What is there on AWS, but not here yet. */
export function refuseUnknown(operation: string, input: IntegrationInput): void {
  const refuse = (what: string) => notImplemented(`API Gateway ${operation} ${what}`);
  if (input.IntegrationSubtype !== undefined)
    throw refuse(`IntegrationSubtype ${input.IntegrationSubtype} (integrations with AWS services)`);
  if (input.ConnectionType === 'VPC_LINK' || input.ConnectionId !== undefined)
    throw refuse('ConnectionType VPC_LINK');
  if (input.TlsConfig !== undefined) throw refuse('TlsConfig (of private integrations)');
  if (input.CredentialsArn?.startsWith('arn:aws:iam::*:user/'))
    throw refuse('CredentialsArn arn:aws:iam::*:user/* (the caller’s own credentials)');
  for (const name of WEBSOCKET_ONLY) {
    if (input[name] !== undefined) throw refuse(`${name} (of WebSocket APIs)`);
  }
}

const FUNCTION =
  /^arn:[\w-]+:(?:lambda:[\w-]+:\d{12}:function:[\w${}.:-]+|apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/.+\/invocations)$/;
const METHOD = /^(?:ANY|GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html */
export function checkIntegration(integration: IntegrationRecord): void {
  const { IntegrationType: type, IntegrationUri: uri, PayloadFormatVersion: version } = integration;
  if (type !== 'AWS_PROXY' && type !== 'HTTP_PROXY')
    throw badRequest(
      `Integration type ${type} is not supported for HTTP APIs. Must be one of [AWS_PROXY, HTTP_PROXY]`,
    );
  if (uri === undefined) throw badRequest('IntegrationUri must be specified');
  if (version === undefined) throw badRequest('PayloadFormatVersion is a required parameter for integration');
  if (type === 'AWS_PROXY') {
    if (!FUNCTION.test(uri)) throw badRequest(`Invalid function ARN or invalid uri: ${uri}`);
    if (version !== '1.0' && version !== '2.0') throw badRequest(`Invalid PayloadFormatVersion ${version}`);
    return;
  }
  if (version !== '1.0') throw badRequest('PayloadFormatVersion must be 1.0 for HTTP_PROXY integrations');
  if (!/^(?:https?:\/\/[^/]|\$\{stageVariables\.)/.test(uri))
    throw badRequest(`Invalid HTTP endpoint specified for URI: ${uri}`);
  if (!METHOD.test(integration.IntegrationMethod ?? ''))
    throw badRequest('IntegrationMethod must be an HTTP method for HTTP_PROXY integrations');
}
