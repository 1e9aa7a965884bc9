import type { ProgrammeNote, Venue } from '../../app/shared/domain';
import { call } from '../support/api';

describe('info', () => {
  test('has venues and notes from Postgres, as the migration left them', async () => {
    const { status, body } = await call<{ venues: Venue[]; notes: ProgrammeNote[] }>('/api/info');
    expect(status).toBe(200);
    expect(body.venues.map(({ name }) => name)).toEqual(['The Lantern', 'The Old Mill', 'The Orangery']);
    expect(body.venues[0]).toEqual({
      id: 'lantern',
      name: 'The Lantern',
      address: '4 Quay Street',
      capacity: 120,
      stepFree: true,
      directions: expect.stringContaining('Quayside'),
    });
    expect(body.notes).toContainEqual({
      showId: 'antigone',
      author: 'Imogen Hale, director',
      body: 'Two people are right, and the city pays for both.',
    });
  });
});
