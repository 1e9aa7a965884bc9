import { notImplemented } from '../../kernel';

const PLAIN = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
const PERCENTILE = /^p(?:100|\d{1,2}(?:\.\d{1,10})?)$/;
/** Trimmed and winsorized means, and whatever else there is of its kind. */
const OTHER = /^(?:IQM|(?:tm|wm|tc|ts)\d{1,2}(?:\.\d+)?|(?:TM|WM|TC|TS|PR)\(.*\))$/;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
export function checkStatistic(name: string, otherwise: () => Error): void {
  if (PLAIN.includes(name) || PERCENTILE.test(name)) return;
  if (OTHER.test(name)) throw notImplemented(`CloudWatch statistic ${name}`);
  throw otherwise();
}

export const isPercentile = (name: string): boolean => PERCENTILE.test(name);
