import { misconfigured } from '../faults';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_ANSWER = 10 * 1024 * 1024;

/** An endpoint's answer is read to its end before it goes on, and not any length of it. */
export function checkAnswerLength(length: number): void {
  if (length <= MAX_ANSWER) return;
  throw misconfigured(
    `Integration response of reported length ${length} is larger than allowed maximum of ${MAX_ANSWER} bytes.`,
  );
}
