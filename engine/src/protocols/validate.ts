import type { OperationModel, ServiceModel } from './model';
export function validateInput(_model: ServiceModel, _op: OperationModel, _input: object): void {}
