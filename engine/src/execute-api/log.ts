import type { Clock } from '../kernel';
import type { HeaderList } from './headers';

/** What a request went through, for TestInvokeMethod's answer and CloudWatch Logs. What is secret is blotted out. */
export class ExecutionLog {
  readonly lines: { at: number; text: string }[] = [];

  constructor(
    readonly requestId: string,
    readonly clock: Clock,
    readonly secrets: readonly string[] = [],
  ) {}

  add(text: string): void {
    let shown = text;
    for (const secret of this.secrets) shown = shown.replaceAll(secret, blotted(secret));
    this.lines.push({ at: this.clock.millis(), text: shown });
  }

  /** As TestInvokeMethod tells it. */
  text(): string {
    const lines = this.lines.map(({ at, text }) => `${javaDate(new Date(at))} : ${text}\n`);
    return `Execution log for request ${this.requestId}\n${lines.join('')}`;
  }
}

const SECRET_HEADERS = ['authorization', 'x-api-key', 'x-amz-security-token'];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
export function secretsIn(headers: HeaderList): string[] {
  return SECRET_HEADERS.flatMap((name) => headers.all(name)).filter((value) => value !== '');
}

/** Logs show the last six characters of what is long enough for that. */
const blotted = (secret: string): string => {
  const shown = secret.length > 12 ? secret.slice(-6) : '';
  return '*'.repeat(secret.length - shown.length) + shown;
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');
const time = (date: Date) =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;

/** `Sun Nov 22 02:00:00 UTC 2026`, Java's Date.toString. */
export function javaDate(date: Date): string {
  const day = `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
  return `${day} ${time(date)} UTC ${date.getUTCFullYear()}`;
}

/** `22/Nov/2026:02:00:00 +0000`, as requestContext.requestTime has it. */
export function clfTime(date: Date): string {
  return `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time(date)} +0000`;
}

/** A map as Java prints one: `{a=b, c=d}`. */
export function javaMap(map: Readonly<Record<string, string>>): string {
  return `{${Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}}`;
}
