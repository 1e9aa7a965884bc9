import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A shape as botocore's service-2.json has it: only what the SDK's schemas leave out is read from it. */
export interface BotoShape {
  type: string;
  members?: Record<string, { shape: string; locationName?: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
  required?: string[];
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  sensitive?: boolean;
}

export interface BotoModel {
  metadata: {
    apiVersion: string;
    endpointPrefix: string;
    signingName?: string;
    protocol: string;
    protocols?: string[];
    targetPrefix?: string;
    serviceId: string;
  };
  operations: Record<
    string,
    {
      http?: { method: string; requestUri: string };
      input?: { shape: string };
      output?: { shape: string };
      errors?: { shape: string }[];
    }
  >;
  shapes: Record<string, BotoShape>;
}

/** Installs PyPI's botocore into a folder of its own, unless BOTOCORE_DATA names one that is there. */
export function botocoreData(): string {
  const given = process.env.BOTOCORE_DATA;
  if (given) return given;
  const target = mkdtempSync(join(tmpdir(), 'botocore-'));
  execFileSync('pip', ['install', '--quiet', '--target', target, 'botocore'], { stdio: 'inherit' });
  return join(target, 'botocore', 'data');
}

/** The newest API version's model of a service. */
export function botoModel(data: string, service: string): BotoModel {
  const version = readdirSync(join(data, service))
    .filter((name) => /^\d{4}-/.test(name))
    .sort()
    .at(-1);
  if (!version) throw new Error(`botocore has no model of ${service}`);
  const model: BotoModel = JSON.parse(
    gunzipSync(readFileSync(join(data, service, version, 'service-2.json.gz'))).toString('utf8'),
  );
  for (const [name, shape] of Object.entries(model.shapes)) readName(name, shape);
  return model;
}

/**
 * API Gateway's version 2 says some lengths in the shape's name alone: `StringWithLengthBetween0And32K`. Only the upper
 * bound is taken: an empty text takes a parameter mapping away, whatever the name says.
 */
function readName(name: string, shape: BotoShape): void {
  const [, max, kilo] = /WithLengthBetween\d+And(\d+)(K?)$/.exec(name) ?? [];
  if (shape.type !== 'string' || max === undefined || shape.max !== undefined) return;
  shape.max = Number(max) * (kilo ? 1024 : 1);
}
