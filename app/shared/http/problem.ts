import type { ZodError } from 'zod';

/** One member of a request that was refused. */
export interface Violation {
  /** JSON pointer into the body, or the name of a parameter or header. */
  at: string;
  message: string;
}

/**
 * A refusal that the caller may read, as problem details.
 * https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  readonly status: number;
  /** Stable, for programs; the title is for people. */
  readonly type: string;
  readonly title: string;
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    type: string,
    title: string,
    detail: string,
    extra: { members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.type = `urn:theatre:problem:${type}`;
    this.title = title;
    this.members = extra.members ?? {};
    this.headers = extra.headers ?? {};
  }

  static invalid(violations: Violation[]): Problem {
    const detail = violations.map(({ at, message }) => `${at}: ${message}`).join('; ');
    return new Problem(400, 'invalid-request', 'The request is not valid', detail, {
      members: { errors: violations },
    });
  }

  static fromZod(error: ZodError, where: 'body' | 'parameters'): Problem {
    return Problem.invalid(
      error.issues.map((issue) => ({
        at: where === 'body' ? `/${issue.path.join('/')}` : issue.path.join('.'),
        message: issue.message,
      })),
    );
  }

  static notFound(what: string): Problem {
    return new Problem(404, 'not-found', 'Not found', `There is no ${what}.`);
  }

  toBody(requestId: string): Record<string, unknown> {
    return {
      type: this.type,
      title: this.title,
      status: this.status,
      detail: this.message,
      requestId,
      ...this.members,
    };
  }
}
