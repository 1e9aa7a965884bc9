import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Call } from '../../kernel';
import { packageRoot } from '../../package-root';

export interface AwsManagedPolicy {
  arn: string;
  name: string;
  path: string;
  version: string;
  created: Date;
  updated: Date;
  document: string;
}

interface Line {
  version: string;
  created: string;
  updated: string;
  document: unknown;
}

/** A policy is parsed when it is asked for: they are 1,600, and a stack attaches two. */
function catalogue(call: Call): Map<string, string> {
  return call.memo('iam:aws-managed-policies', () => {
    const text = brotliDecompressSync(readFileSync(join(packageRoot, 'models', 'iam-managed-policies.br')));
    return new Map(
      text
        .toString()
        .split('\n')
        .map((line) => {
          const tab = line.indexOf('\t');
          return [line.slice(0, tab), line.slice(tab + 1)] as const;
        }),
    );
  });
}

export function isAwsManaged(arn: string): boolean {
  return arn.startsWith('arn:aws:iam::aws:policy/');
}

export function awsManagedPolicy(call: Call, arn: string): AwsManagedPolicy | undefined {
  const line = catalogue(call).get(arn);
  if (line === undefined) return undefined;
  const { version, created, updated, document } = JSON.parse(line) as Line;
  const full = arn.slice('arn:aws:iam::aws:policy'.length);
  const cut = full.lastIndexOf('/') + 1;
  return {
    arn,
    name: full.slice(cut),
    path: full.slice(0, cut),
    version,
    created: new Date(created),
    updated: new Date(updated),
    document: JSON.stringify(document, null, 2),
  };
}

/** Every ARN, in order. */
export function awsManagedArns(call: Call): Iterable<string> {
  return catalogue(call).keys();
}
