import { fakeDocuments, show } from '../testing/fakes';
import { ShowStore } from './shows';

test('reads every page of the table and sorts by date', async () => {
  const later = { ...show, id: 'later', startsAt: '2031-01-01T19:00:00.000Z' };
  const { db, sent } = fakeDocuments(
    { Items: [later], LastEvaluatedKey: { id: 'later' } },
    { Items: [show] },
  );
  expect(await new ShowStore(db, 'Shows').list()).toEqual([show, later]);
  expect(sent.map(({ input }) => input.ExclusiveStartKey)).toEqual([undefined, { id: 'later' }]);
});
