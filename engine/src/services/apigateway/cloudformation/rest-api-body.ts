import { Readable } from 'node:stream';
import type { Call } from '../../../kernel';
import { bool, texts } from './values';

export interface BodyProperties {
  Body?: unknown;
  BodyS3Location?: { Bucket?: string; Key?: string; Version?: string; ETag?: string };
  FailOnWarnings?: boolean;
  Mode?: 'merge' | 'overwrite';
  Parameters?: Record<string, unknown>;
}

export const BODY_PROPERTIES = {
  Body: true,
  BodyS3Location: { Bucket: true, Key: true, Version: true, ETag: true },
  FailOnWarnings: true,
  Mode: true,
  Parameters: true,
} as const;

/** The definition that a template gives, itself or as an object of a bucket. */
async function bodyOf(call: Call, properties: BodyProperties): Promise<Uint8Array | undefined> {
  const { Body, BodyS3Location: at } = properties;
  if (Body !== undefined) return Buffer.from(typeof Body === 'string' ? Body : JSON.stringify(Body));
  if (at === undefined) return undefined;
  const object = await call.invoke('s3', 'GetObject', {
    Bucket: at.Bucket,
    Key: at.Key,
    VersionId: at.Version,
    IfMatch: at.ETag,
  });
  const given: unknown = object.Body;
  if (given instanceof Uint8Array) return given;
  const chunks: Buffer[] = [];
  if (given instanceof Readable) for await (const chunk of given) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html */
export async function importBody(call: Call, properties: BodyProperties) {
  const body = await bodyOf(call, properties);
  return (
    body &&
    (await call.invoke('apigateway', 'ImportRestApi', {
      body,
      failOnWarnings: bool(properties.FailOnWarnings),
      parameters: texts(properties.Parameters),
    }))
  );
}

export async function putBody(call: Call, restApiId: string, properties: BodyProperties) {
  const body = await bodyOf(call, properties);
  return (
    body &&
    (await call.invoke('apigateway', 'PutRestApi', {
      restApiId,
      body,
      mode: properties.Mode ?? 'overwrite',
      failOnWarnings: bool(properties.FailOnWarnings),
      parameters: texts(properties.Parameters),
    }))
  );
}
