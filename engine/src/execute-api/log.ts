/** The execution log that TestInvokeMethod returns, and that CloudWatch gets once stages log. */
export class ExecutionLog {
  readonly lines: string[] = [];

  constructor(
    readonly requestId: string,
    readonly now: () => Date,
  ) {
    this.lines.push(`Execution log for request ${requestId}`);
  }

  add(text: string): void {
    this.lines.push(`${stamp(this.now())} : ${text}`);
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');
const time = (date: Date) =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;

/** `Sun Nov 22 02:00:00 UTC 2026`, Java's Date.toString. */
function stamp(date: Date): string {
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
