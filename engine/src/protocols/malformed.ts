/** The request cannot be understood; `decode` turns it into the protocol's error. */
export class Malformed extends Error {
  constructor(
    message: string,
    /** The code, where the protocol's usual one is not it. */
    readonly code?: string,
  ) {
    super(message);
  }
}
