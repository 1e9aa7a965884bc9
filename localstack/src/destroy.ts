import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { stacksOf } from './assembly';
import { databasesOf, dropDatabase } from './database';
import { Records } from './records';
import { Stacks } from './stack';
import { clientConfig, type Surroundings, type Teller } from './surroundings';
import { referenceOf } from './template';
import { cdk, STACK } from './theatre';

/** Deletes the stack, first emptying the buckets that a custom resource would have emptied. False if there is none. */
export async function destroy(around: Surroundings, tell: Teller): Promise<boolean> {
  const { endpoint, home } = around;
  const stacks = new Stacks(endpoint);
  try {
    const stack = await stacks.deployed(STACK);
    if (!stack) return false;
    const synthesised = join(home, 'cdk.out');
    const resources = existsSync(synthesised) ? (stacksOf(synthesised)[0]?.template.Resources ?? {}) : {};
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type !== 'Custom::S3AutoDeleteObjects') continue;
      const bucket = stack.resources.get(referenceOf(Properties?.BucketName)?.logicalId ?? '');
      const told = () => bucket;
      if (bucket) await tell.step('empty', () => empty(endpoint, bucket), told);
    }
    const app = `--app "${join(home, 'cdk.reduced')}"`;
    await tell.step('destroy', () =>
      cdk('cdklocal', `destroy --all --force ${app}`, endpoint, 'Deleting the stacks'),
    );
    for (const database of databasesOf(resources)) await dropDatabase(around, database);
    const records = new Records(endpoint, STACK);
    await records.forget().finally(() => records.close());
    return true;
  } finally {
    stacks.close();
  }
}

async function empty(endpoint: string, Bucket: string): Promise<void> {
  const client = new S3Client(clientConfig(endpoint));
  try {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket }),
      );
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) return;
      await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    }
  } finally {
    client.destroy();
  }
}
