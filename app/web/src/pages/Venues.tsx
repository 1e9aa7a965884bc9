import { useCallback } from 'react';
import { fetchInfo, fetchShows, type Info, type Show } from '../api';
import { count } from '../format';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useLoad } from '../use-load';

export function Venues() {
  const [loaded, again] = useLoad(
    useCallback(async (signal: AbortSignal) => {
      // Notes are worth reading without the titles of their shows, so only /info has to answer.
      const [info, shows] = await Promise.all([fetchInfo(signal), fetchShows(signal).catch(() => [])]);
      return { info, shows };
    }, []),
  );
  return (
    <>
      <h1>Venues</h1>
      {loaded.state === 'failed' && <Notice error={loaded.error} onRetry={again} />}
      {loaded.state === 'loading' && !loaded.value && <Loading label="Loading venues" />}
      {loaded.state === 'ready' && <Found {...loaded.value} />}
    </>
  );
}

function Found({ info, shows }: { info: Info; shows: Show[] }) {
  const titles = new Map(shows.map((show) => [show.id, show.title]));
  return (
    <>
      {info.venues.length === 0 && <p className="empty">No venues yet.</p>}
      <ul className="cards">
        {info.venues.map((venue) => (
          <li key={venue.id} className="card">
            <h2>{venue.name}</h2>
            <p className="meta">
              {venue.address} · {count(venue.capacity, 'seat')}
            </p>
            <p>{venue.directions}</p>
            <p className="fine">{venue.stepFree ? 'Step-free access' : 'No step-free access'}</p>
          </li>
        ))}
      </ul>
      {info.notes.length > 0 && <h1 className="second">From the programme</h1>}
      <ul className="notes">
        {info.notes.map((note) => (
          <li key={note.showId}>
            <blockquote>{note.body}</blockquote>
            <p className="meta">
              {note.author}
              {titles.has(note.showId) && <>, on {titles.get(note.showId)}</>}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
