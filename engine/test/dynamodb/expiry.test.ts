import { CreateTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
const clock = new ManualClock();
const TableName = 'expiring';
const hour = 3600;

beforeAll(async () => {
  cloud = await startCloud({ clock });
  const client = cloud.client(DynamoDBClient, { systemClockOffset: clock.millis() - Date.now() });
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'by', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-by',
          KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
});

afterAll(() => cloud.stop());

const seconds = () => Math.floor(clock.millis() / 1000);
const put = (id: string, until: number | undefined) =>
  cloud.host().invoke('dynamodb', 'PutItem', {
    TableName,
    Item: { id: { S: id }, by: { S: 'x' }, ...(until !== undefined && { until: { N: String(until) } }) },
  });
const ids = async (IndexName?: string) => {
  const { Items } = await cloud
    .host()
    .invoke('dynamodb', 'Scan', { TableName, ...(IndexName && { IndexName }) });
  return Items?.map((item) => item.id?.S).sort();
};
const setTtl = (Enabled: boolean, AttributeName = 'until') =>
  cloud.host().invoke('dynamodb', 'UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled, AttributeName },
  });

test('items go when their time has come, from the indexes too', async () => {
  await put('before ttl', seconds() + hour);
  await put('stays', undefined);
  expect(await setTtl(true)).toEqual({ TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } });
  await put('soon', seconds() + 2 * hour);
  await put('sooner', seconds() + hour / 2);
  await put('far too old', seconds() - 6 * 365 * 24 * hour);
  clock.advance((hour / 2 + 60) * 1000);
  expect(await ids()).toEqual(['before ttl', 'far too old', 'soon', 'stays']);
  await put('soon', seconds() + 20 * hour);
  clock.advance(2 * hour * 1000);
  expect(await ids()).toEqual(['far too old', 'soon', 'stays']);
  expect(await ids('by-by')).toEqual(['far too old', 'soon', 'stays']);
  clock.advance(20 * hour * 1000);
  expect(await ids()).toEqual(['far too old', 'stays']);
});

test('an attribute that is no number never expires', async () => {
  await cloud
    .host()
    .invoke('dynamodb', 'PutItem', { TableName, Item: { id: { S: 'text' }, until: { S: '1' } } });
  clock.advance(48 * hour * 1000);
  expect(await ids()).toContain('text');
});

test('it is turned on once, and off by its name', async () => {
  await expect(setTtl(true)).rejects.toThrow('TimeToLive is already enabled');
  await expect(setTtl(false, 'other')).rejects.toThrow('TimeToLive is active on a different AttributeName');
  await setTtl(false);
  await expect(setTtl(true)).rejects.toThrow(
    'Time to live has been modified multiple times within a fixed interval',
  );
  await put('not any more', seconds() + 1);
  clock.advance(2 * hour * 1000);
  expect(await ids()).toContain('not any more');
  await expect(setTtl(false)).rejects.toThrow('TimeToLive is already disabled');
});
