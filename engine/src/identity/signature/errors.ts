import { AwsError } from '../../kernel';

/** How a service's protocol names what is wrong with a signature. */
export type Family = 's3' | 'json' | 'rest-json' | 'query';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export class SignatureErrors {
  readonly #status: number;

  constructor(readonly family: Family) {
    // Services that speak JSON over one path answer 400 to all that is the client's fault.
    this.#status = family === 'json' ? 400 : 403;
  }

  get #isJson(): boolean {
    return this.family === 'json' || this.family === 'rest-json';
  }

  #refuse(code: string, message: string, members: Record<string, unknown> = {}): AwsError {
    return new AwsError(code, message, { status: this.#status, members });
  }

  /** S3's alone. */
  malformed(message: string, members: Record<string, unknown>): AwsError {
    return new AwsError('AuthorizationHeaderMalformed', message, { status: 400, members });
  }

  incomplete(message: string): AwsError {
    return this.#refuse(this.#isJson ? 'IncompleteSignatureException' : 'IncompleteSignature', message);
  }

  unknownKey(accessKeyId: string): AwsError {
    if (this.family === 's3') {
      return this.#refuse(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        { AWSAccessKeyId: accessKeyId },
      );
    }
    return this.#refuse(
      this.#isJson ? 'UnrecognizedClientException' : 'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
  }

  /** A session's key without its token, or with another's. */
  wrongToken(token: string): AwsError {
    if (this.family !== 's3') return this.unknownKey('');
    return new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', {
      status: 400,
      members: { 'Token-0': token },
    });
  }

  expiredToken(token: string): AwsError {
    if (this.family === 's3') {
      return new AwsError('ExpiredToken', 'The provided token has expired.', {
        status: 400,
        members: { 'Token-0': token },
      });
    }
    return this.#refuse(
      this.#isJson ? 'ExpiredTokenException' : 'ExpiredToken',
      'The security token included in the request is expired',
    );
  }

  /** All but S3 tell a signature that does not fit, is too old or is of another place under one code. */
  invalid(message: string): AwsError {
    return this.#refuse(this.#isJson ? 'InvalidSignatureException' : 'SignatureDoesNotMatch', message);
  }

  mismatch(told: {
    accessKeyId: string;
    signature: string;
    stringToSign: string;
    canonicalRequest?: string;
  }): AwsError {
    if (this.family !== 's3') {
      return this.invalid(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
    }
    const bytes = (text: string) => Buffer.from(text).toString('hex').match(/../g)?.join(' ') ?? '';
    return this.#refuse(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: told.accessKeyId,
        StringToSign: told.stringToSign,
        SignatureProvided: told.signature,
        StringToSignBytes: bytes(told.stringToSign),
        ...(told.canonicalRequest === undefined
          ? {}
          : {
              CanonicalRequest: told.canonicalRequest,
              CanonicalRequestBytes: bytes(told.canonicalRequest),
            }),
      },
    );
  }

  /** The clocks differ by more than `allowed` milliseconds; `sent` is how the client wrote its time. */
  skewed(signedAt: number, now: number, allowed: number, sent: string): AwsError {
    if (this.family === 's3') {
      return this.#refuse(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        {
          RequestTime: sent,
          ServerTime: new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
          MaxAllowedSkewMilliseconds: allowed,
        },
      );
    }
    const minutes = `${allowed / 60_000} min.`;
    if (signedAt < now) {
      return this.invalid(
        `Signature expired: ${compact(signedAt)} is now earlier than ${compact(now - allowed)} (${compact(now)} - ${minutes})`,
      );
    }
    return this.invalid(
      `Signature not yet current: ${compact(signedAt)} is still later than ${compact(now + allowed)} (${compact(now)} + ${minutes})`,
    );
  }
}

/** YYYYMMDDTHHMMSSZ. */
export const compact = (millis: number): string =>
  new Date(millis).toISOString().replace(/[-:]|\.\d{3}/g, '');
