import { createHash } from 'node:crypto';
import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import type { ApiResponse } from './exchange';

/** Ends a request's way with a gateway response. */
export class Fault extends Error {
  readonly errorType: string;
  readonly status: number | undefined;
  /** For the execution log: what really happened. */
  readonly reason: string | undefined;
  readonly validation: string | undefined;
  /** How AWS writes the name of its default body's member. */
  readonly member: 'message' | 'Message';
  /** What the caller reads; of authorizers that fail AWS tells nothing. */
  readonly told: string | null;
  /** In place of the gateway response. */
  readonly response: ApiResponse | undefined;

  constructor(
    readonly type: GatewayResponseType,
    message: string | null,
    options: {
      errorType: string;
      status?: number;
      reason?: string;
      validation?: string;
      member?: 'Message';
      response?: ApiResponse;
    },
  ) {
    super(message ?? options.errorType);
    this.told = message;
    this.errorType = options.errorType;
    this.status = options.status;
    this.reason = options.reason;
    this.validation = options.validation;
    this.member = options.member ?? 'message';
    this.response = options.response;
  }
}

/** The status of each type where neither the API nor the fault says another. */
export const DEFAULT_STATUS: Readonly<Record<GatewayResponseType, string | undefined>> = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

export const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/**
 * The response of a type as an API has it: its own, else what it made of DEFAULT_4XX or DEFAULT_5XX, else AWS's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function gatewayResponseOf(
  type: GatewayResponseType,
  customised: Readonly<Record<string, GatewayResponse | undefined>>,
): GatewayResponse {
  const own = customised[type];
  if (own) return own;
  const status = DEFAULT_STATUS[type];
  const family = status === undefined ? undefined : customised[familyOf(status)];
  return {
    responseType: type,
    statusCode: family?.statusCode ?? status,
    responseParameters: family?.responseParameters ?? {},
    responseTemplates: family?.responseTemplates ?? { 'application/json': DEFAULT_TEMPLATE },
    defaultResponse: true,
  };
}

export function familyOf(status: string): 'DEFAULT_4XX' | 'DEFAULT_5XX' {
  return status.startsWith('4') ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
}

export const missingToken = () =>
  new Fault('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token', {
    errorType: 'MissingAuthenticationTokenException',
  });

/** An Authorization header that is no signature, where AWS would read one. */
export const noSignature = (authorization: string) => {
  const hash = createHash('sha256').update(authorization).digest('base64');
  return new Fault(
    'INVALID_SIGNATURE',
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    { errorType: 'IncompleteSignatureException' },
  );
};

export const forbidden = (type: GatewayResponseType = 'ACCESS_DENIED') =>
  new Fault(type, 'Forbidden', { errorType: 'ForbiddenException' });

/** What a web ACL answers in place of the gateway response. */
export const blocked = (response: ApiResponse) =>
  new Fault('WAF_FILTERED', 'Forbidden', { errorType: 'ForbiddenException', response });

/** What the API's policy refuses. */
export const notAuthorized = (message: string) =>
  new Fault('ACCESS_DENIED', message, { errorType: 'AccessDeniedException', member: 'Message' });

/** Whoever does not say who they are, or whom nobody knows. */
export const unauthorized = (message = 'Unauthorized', reason?: string) =>
  new Fault('UNAUTHORIZED', message, { errorType: 'UnauthorizedException', reason });

/** An authorizer that cannot be asked, or whose answer makes no sense. */
export const authorizerMisconfigured = (reason: string) =>
  new Fault('AUTHORIZER_CONFIGURATION_ERROR', null, {
    errorType: 'AuthorizerConfigurationException',
    reason: `Execution failed due to configuration error: ${reason}`,
  });

/** An authorizer that did not answer in time. */
export const authorizerTimedOut = () =>
  new Fault('AUTHORIZER_FAILURE', null, {
    errorType: 'AuthorizerFailureException',
    reason: 'Execution failed due to a timeout error',
  });

export const badRequest = (
  type: 'BAD_REQUEST_BODY' | 'BAD_REQUEST_PARAMETERS',
  message: string,
  validation?: string,
) => new Fault(type, message, { errorType: 'BadRequestException', validation });

export const badPath = () =>
  new Fault('DEFAULT_4XX', 'Bad Request', { errorType: 'BadRequestException', status: 400 });

export const tooLarge = (message: string) =>
  new Fault('REQUEST_TOO_LARGE', message, { errorType: 'RequestTooLargeException' });

export const tooManyRequests = () =>
  new Fault('THROTTLED', 'Too Many Requests', { errorType: 'TooManyRequestsException' });

export const limitExceeded = () =>
  new Fault('QUOTA_EXCEEDED', 'Limit Exceeded', { errorType: 'LimitExceededException' });

export const unsupportedMediaType = () =>
  new Fault('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type', {
    errorType: 'UnsupportedMediaTypeException',
  });

/** A configuration that cannot work: 500, or 502 where the integration's answer makes no sense. */
export const misconfigured = (reason: string, status?: number) =>
  new Fault('API_CONFIGURATION_ERROR', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    status,
    reason: `Execution failed due to configuration error: ${reason}`,
  });

export const timedOut = () =>
  new Fault('INTEGRATION_TIMEOUT', 'Endpoint request timed out', {
    errorType: 'InternalServerErrorException',
    reason: 'Execution failed due to a timeout error',
  });

export const networkError = (reason: string) =>
  new Fault('INTEGRATION_FAILURE', 'Network error communicating with endpoint', {
    errorType: 'InternalServerErrorException',
    reason,
  });
