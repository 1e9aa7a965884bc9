import { isAwsError } from '../../../kernel';
import { badRequest } from '../errors';

/**
 * What is wrong with a definition: errors discard it, warnings only where the caller says so.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html
 */
export class Issues {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];

  warn(message: string): void {
    this.warnings.push(message);
  }

  /** Runs it; what API Gateway would refuse is noted with what could not be done. */
  async attempt(what: string, work: () => unknown): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      // What this engine has not built is not the definition's fault.
      if (!isAwsError(error) || error.status === 501) throw error;
      this.errors.push(`${what}: ${error.message}`);
      return false;
    }
  }

  /** Refuses the definition if there is a reason to. */
  check(failOnWarnings: boolean | undefined): void {
    const { errors, warnings } = this;
    if (errors.length > 0) {
      const also =
        warnings.length > 0 ? `\nAdditionally, these warnings were found:\n\t${warnings.join('\n\t')}` : '';
      throw badRequest(`Errors found during import:\n\t${errors.join('\n\t')}${also}`);
    }
    if (failOnWarnings && warnings.length > 0)
      throw badRequest(`Warnings found during import:\n\t${warnings.join('\n\t')}`);
  }
}
