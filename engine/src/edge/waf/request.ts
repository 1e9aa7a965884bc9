/**
 * A request as the rules of a web ACL see it: as it came over the wire. Text is bytes, a character each (latin1), so
 * that nothing is lost and sizes are those of bytes.
 */
export interface InspectedRequest {
  method: string;
  /** Still encoded, without the query. */
  path: string;
  /** Still encoded, without the question mark. */
  query: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
  sourceIp: string;
  /** `HTTP/1.1` */
  protocol: string;
}

type Pair = readonly [name: string, value: string];

/** A request being held against a web ACL. */
export class Inspection {
  /** Fully qualified, of the rules that matched so far. */
  readonly labels = new Set<string>();
  /**
   * Set by a statement that needs a header of forwarded addresses which is not there: then the whole rule does not
   * apply, whatever stands around the statement.
   * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
   */
  inapplicable = false;
  #queryArguments: readonly Pair[] | undefined;
  #cookies: readonly Pair[] | undefined;
  #bodies = new Map<number, string>();

  constructor(
    readonly request: InspectedRequest,
    readonly millis: number,
  ) {}

  /** The last value of a header. */
  header(lowerName: string): string | undefined {
    return this.request.headers.findLast(([name]) => name.toLowerCase() === lowerName)?.[1];
  }

  headerValues(lowerName: string): string[] {
    return this.request.headers
      .filter(([name]) => name.toLowerCase() === lowerName)
      .map(([, value]) => value);
  }

  /** Not decoded: that is what transformations are for. */
  get queryArguments(): readonly Pair[] {
    this.#queryArguments ??= this.request.query
      .split('&')
      .filter((part) => part !== '')
      .map((part) => cut(part, '='));
    return this.#queryArguments;
  }

  get cookies(): readonly Pair[] {
    this.#cookies ??= this.headerValues('cookie')
      .flatMap((line) => line.split(';'))
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => cut(part, '='));
    return this.#cookies;
  }

  /** As much of the body as is looked at. */
  body(limit: number): string {
    let text = this.#bodies.get(limit);
    if (text === undefined) {
      const { body } = this.request;
      text = Buffer.from(body.buffer, body.byteOffset, Math.min(limit, body.length)).toString('latin1');
      this.#bodies.set(limit, text);
    }
    return text;
  }
}

function cut(text: string, at: string): Pair {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
