/** A region as every account sees it. Zone letters and ids differ between accounts; these are one account's. */
interface Region {
  name: string;
  /** As zone groups name it. */
  city: string;
  /** Zone letter by zone number: `6:a` is `use1-az6` for `us-east-1a`. */
  zones: readonly (readonly [letter: string, number: number])[];
  code: string;
}

const plain = (letters: string): [string, number][] =>
  [...letters].map((letter, index) => [letter, index + 1]);

/** Regions that need no opting in. https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const REGIONS: readonly Region[] = [
  {
    name: 'ap-south-1',
    city: 'Asia Pacific (Mumbai)',
    code: 'aps1',
    zones: [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ],
  },
  { name: 'eu-north-1', city: 'Europe (Stockholm)', code: 'eun1', zones: plain('abc') },
  { name: 'eu-west-3', city: 'Europe (Paris)', code: 'euw3', zones: plain('abc') },
  {
    name: 'eu-west-2',
    city: 'Europe (London)',
    code: 'euw2',
    zones: [
      ['a', 2],
      ['b', 3],
      ['c', 1],
    ],
  },
  { name: 'eu-west-1', city: 'Europe (Ireland)', code: 'euw1', zones: plain('abc') },
  {
    name: 'ap-northeast-3',
    city: 'Asia Pacific (Osaka)',
    code: 'apne3',
    zones: [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ],
  },
  { name: 'ap-northeast-2', city: 'Asia Pacific (Seoul)', code: 'apne2', zones: plain('abcd') },
  {
    name: 'ap-northeast-1',
    city: 'Asia Pacific (Tokyo)',
    code: 'apne1',
    zones: [
      ['a', 4],
      ['c', 1],
      ['d', 2],
    ],
  },
  {
    name: 'ca-central-1',
    city: 'Canada (Central)',
    code: 'cac1',
    zones: [
      ['a', 1],
      ['b', 2],
      ['d', 4],
    ],
  },
  { name: 'sa-east-1', city: 'South America (Sao Paulo)', code: 'sae1', zones: plain('abc') },
  { name: 'ap-southeast-1', city: 'Asia Pacific (Singapore)', code: 'apse1', zones: plain('abc') },
  {
    name: 'ap-southeast-2',
    city: 'Asia Pacific (Sydney)',
    code: 'apse2',
    zones: [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ],
  },
  {
    name: 'eu-central-1',
    city: 'Europe (Frankfurt)',
    code: 'euc1',
    zones: [
      ['a', 2],
      ['b', 3],
      ['c', 1],
    ],
  },
  {
    name: 'us-east-1',
    city: 'US East (N. Virginia)',
    code: 'use1',
    zones: [
      ['a', 6],
      ['b', 1],
      ['c', 2],
      ['d', 4],
      ['e', 3],
      ['f', 5],
    ],
  },
  { name: 'us-east-2', city: 'US East (Ohio)', code: 'use2', zones: plain('abc') },
  {
    name: 'us-west-1',
    city: 'US West (N. California)',
    code: 'usw1',
    zones: [
      ['a', 1],
      ['c', 3],
    ],
  },
  { name: 'us-west-2', city: 'US West (Oregon)', code: 'usw2', zones: plain('abcd') },
];

export interface Zone {
  name: string;
  id: string;
  city: string;
}

/** The zones of a region; one that is not in the table has three. */
export function zonesOf(region: string): Zone[] {
  const known = REGIONS.find(({ name }) => name === region);
  const code = known?.code ?? region.replace(/^(\w\w)-(\w)\w*-(\d)$/, '$1$2$3');
  return (known?.zones ?? plain('abc')).map(([letter, number]) => ({
    name: `${region}${letter}`,
    id: `${code}-az${number}`,
    city: `${known?.city ?? region} ${1}`,
  }));
}
