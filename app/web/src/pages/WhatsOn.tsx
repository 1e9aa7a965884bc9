import { useState } from 'react';
import { fetchShows, type Show, type Ticket } from '../api';
import { count, price, when } from '../format';
import { BuyDialog } from '../parts/BuyDialog';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useLoad } from '../use-load';
import type { Visitor } from '../visitor';

interface Props {
  visitor: Visitor;
  onVisitor: (visitor: Visitor) => void;
  onBought: (ticket: Ticket) => void;
  onTickets: () => void;
}

export function WhatsOn({ onBought, ...props }: Props) {
  const [shows, again] = useLoad(fetchShows);
  const [chosen, setChosen] = useState<Show>();
  const known = shows.state === 'failed' ? undefined : shows.value;
  return (
    <>
      <h1>What’s on</h1>
      {shows.state === 'failed' && <Notice error={shows.error} onRetry={again} />}
      {shows.state === 'loading' && !known && <Loading label="Loading shows" cards={6} />}
      {known?.length === 0 && <p className="empty">Nothing is on sale yet. Come back soon.</p>}
      {known && known.length > 0 && (
        <ul className="cards">
          {known.map((show) => (
            <li key={show.id} className="card">
              <ShowCard show={show} onBuy={() => setChosen(show)} />
            </li>
          ))}
        </ul>
      )}
      {chosen && (
        <BuyDialog
          {...props}
          key={chosen.id}
          show={chosen}
          onBought={onBought}
          onClose={() => {
            setChosen(undefined);
            // However it ended, seats may have gone in the meantime.
            again();
          }}
        />
      )}
    </>
  );
}

function ShowCard({ show, onBuy }: { show: Show; onBuy: () => void }) {
  const soldOut = show.seatsLeft === 0;
  const few = !soldOut && show.seatsLeft <= 10;
  return (
    <>
      <p className="meta">
        <time dateTime={show.startsAt}>{when(show.startsAt)}</time>
      </p>
      <h2>{show.title}</h2>
      <p className="meta">{show.venueName}</p>
      <p className="synopsis">{show.synopsis}</p>
      <div className="buy">
        <p>
          <strong>{price(show.priceCents, show.currency)}</strong>
          <span className={soldOut ? 'seats gone' : few ? 'seats few' : 'seats'}>
            {soldOut ? 'Sold out' : `${count(show.seatsLeft, 'seat')} left`}
          </span>
        </p>
        <button type="button" disabled={soldOut} onClick={onBuy} aria-label={`Buy tickets for ${show.title}`}>
          Buy
        </button>
      </div>
    </>
  );
}
