export type { DecisionEvent, StatementName } from './decision';
export * from './events';
export { redact } from './redact';
