import type { NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import type { Call, Principal } from '../../kernel';
import { bucketArn, canonicalId } from './access';
import type { Bucket, ObjectVersion } from './records';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export type EventName =
  | `ObjectCreated:${'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload'}`
  | `ObjectRemoved:${'Delete' | 'DeleteMarkerCreated'}`
  | `ObjectTagging:${'Put' | 'Delete'}`
  | 'ObjectAcl:Put';

function wants(
  configuration: {
    Events?: readonly string[] | undefined;
    Filter?: NotificationConfigurationFilter | undefined;
  },
  event: string,
  key: string,
): boolean {
  const subscribed = configuration.Events?.some((pattern) => {
    const name = pattern.replace(/^s3:/, '');
    return name === event || (name.endsWith('*') && event.startsWith(name.slice(0, -1)));
  });
  return (
    subscribed === true &&
    (configuration.Filter?.Key?.FilterRules ?? []).every(({ Name, Value = '' }) =>
      Name?.toLowerCase() === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
    )
  );
}

/** The record of an event. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function record(call: Call, bucket: Bucket, event: EventName, object: ObjectVersion, id: string) {
  const removed = event.startsWith('ObjectRemoved');
  const aboutBytes = event.startsWith('ObjectCreated');
  return {
    eventVersion: aboutBytes || removed ? '2.1' : '2.3',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: call.clock.now().toISOString(),
    eventName: event,
    userIdentity: { principalId: `AWS:${call.principal.userId}` },
    requestParameters: { sourceIPAddress: call.http?.sourceIp ?? '127.0.0.1' },
    responseElements: { 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: id,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: canonicalId(bucket.account).slice(0, 14).toUpperCase() },
        arn: bucketArn(bucket.name),
      },
      object: {
        key: encodeKey(object.key),
        ...(aboutBytes ? { size: object.size } : {}),
        ...(removed ? {} : { eTag: object.etag }),
        ...(bucket.versioning === 'Enabled' ? { versionId: object.versionId } : {}),
        ...(aboutBytes || removed
          ? { sequencer: object.seq.toString(16).toUpperCase().padStart(18, '0') }
          : {}),
      },
    },
  };
}

/** Keys in events are URL-encoded as in forms: a blank is a plus sign. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replace(/%20/g, '+').replace(/%2F/g, '/');
}

/** S3 as it invokes functions for a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to.html */
export function notifierOf(call: Call, bucket: Bucket): Principal {
  return call.parts.identity.servicePrincipal('s3.amazonaws.com', bucket.account, {
    sourceArn: bucketArn(bucket.name),
    sourceAccount: bucket.account,
  });
}

/** Sends an event to every function the bucket's notification configuration names. Never fails its caller. */
export function notify(call: Call, bucket: Bucket, event: EventName, object: ObjectVersion): void {
  const lambdas: NotificationConfiguration['LambdaFunctionConfigurations'] =
    bucket.notification?.LambdaFunctionConfigurations ?? [];
  for (const configuration of lambdas) {
    if (!wants(configuration, event, object.key)) continue;
    const payload = { Records: [record(call, bucket, event, object, configuration.Id ?? '')] };
    const target = configuration.LambdaFunctionArn ?? '';
    call
      .invoke(
        'lambda',
        'Invoke',
        { FunctionName: target, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(payload)) },
        {
          as: notifierOf(call, bucket),
          account: target.split(':')[4] ?? bucket.account,
          region: bucket.region,
        },
      )
      .catch((error: unknown) => {
        call.parts.events.emit({
          type: 'engine',
          at: call.clock.millis(),
          level: 'warn',
          message: `s3://${bucket.name} could not send ${event} to ${target}: ${error}`,
        });
      });
  }
}
