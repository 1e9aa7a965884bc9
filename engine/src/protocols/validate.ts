import type { OperationModel, ServiceModel } from './model';
import { Compiler, type Violation } from './validation/compile';
import { refuse } from './validation/dialects';

type Validator = (input: object) => Violation[] | undefined;

const validators = new WeakMap<OperationModel, Validator>();

function validatorOf(operation: OperationModel): Validator {
  let validator = validators.get(operation);
  if (!validator) {
    const check = operation.input && new Compiler(operation).structure(operation.input);
    validator = (input) => {
      let found: Violation[] | undefined;
      check?.(input, '', (violation) => {
        found ??= [];
        found.push(violation);
      });
      return found;
    };
    validators.set(operation, validator);
  }
  return validator;
}

/** Throws what AWS answers to an input that breaks its model's constraints. Compiled on an operation's first call. */
export function validateInput(_model: ServiceModel, operation: OperationModel, input: object): void {
  const violations = validatorOf(operation)(input);
  if (!violations) return;
  const error = refuse(operation, violations);
  if (error) throw error;
}
