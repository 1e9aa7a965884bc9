/** Ends a request's way. HTTP APIs say little: their messages are the names of the statuses. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** For access logs and the engine's log: what really happened. */
    readonly reason?: string,
    readonly headers: readonly [name: string, value: string][] = [],
  ) {
    super(message);
  }
}

export const badRequest = () => new Fault(400, 'Bad Request');
export const unauthorized = (reason?: string, challenge?: string) =>
  new Fault(401, 'Unauthorized', reason, challenge === undefined ? [] : [['www-authenticate', challenge]]);
export const forbidden = (reason?: string, challenge?: string) =>
  new Fault(403, 'Forbidden', reason, challenge === undefined ? [] : [['www-authenticate', challenge]]);
export const notFound = () => new Fault(404, 'Not Found');
export const tooLarge = () => new Fault(413, 'Request Entity Too Large');
export const headersTooLarge = () => new Fault(431, 'Request Header Fields Too Large');
export const tooManyRequests = () => new Fault(429, 'Too Many Requests');
export const internalError = (reason: string) => new Fault(500, 'Internal Server Error', reason);
export const unavailable = (reason: string) => new Fault(503, 'Service Unavailable', reason);
