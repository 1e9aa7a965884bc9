/**
 * An error that AWS would send: every refusal in the engine is one of these.
 *
 * The wire form (status, body, headers) is the protocol's business; an operation only names the
 * code and says the sentence. Anything else that is thrown becomes a 500 InternalFailure whose
 * text never leaves the log.
 */
export class AwsError extends Error {
  /** AWS's error code, e.g. `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status; undefined takes the one in the service's model, else 400. */
  readonly status: number | undefined;
  /** Further members of the modelled error shape, e.g. `{ CancellationReasons: [...] }`. */
  readonly members: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; members?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}

/** True for an AwsError, with one of `codes` if any are given. */
export function isAwsError(error: unknown, ...codes: string[]): error is AwsError {
  return error instanceof AwsError && (codes.length === 0 || codes.includes(error.code));
}

/** The honest refusal: 501 with the name of what is missing. */
export function notImplemented(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `tierkit does not implement ${what} yet. See docs/parity.md for what it does.`,
    {
      status: 501,
    },
  );
}
