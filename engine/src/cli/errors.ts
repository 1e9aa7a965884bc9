/** A failure that is told to the person at the keyboard in one line, without a stack. */
export class CliError extends Error {
  constructor(
    message: string,
    /** The process's exit code. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
