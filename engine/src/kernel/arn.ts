export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** All behind the fifth colon, e.g. `table/shows` or `function:f:live`. */
  resource: string;
}

/** Takes an ARN apart, or undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  const [, partition, service, region, account, ...rest] = parts as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  return { partition, service, region, account, resource: rest.join(':') };
}

/** `arn:aws:service:region:account:resource`; pass '' for the region or account of services that have none. */
export function arn(service: string, region: string, account: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
