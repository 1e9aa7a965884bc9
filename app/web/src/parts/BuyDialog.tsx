import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { buyTicket, type Show, type Ticket } from '../api';
import { count, price, when } from '../format';
import { orderKeys } from '../order-key';
import type { Visitor } from '../visitor';
import { Notice } from './Notice';

const MOST_SEATS = 8;

interface Props {
  show: Show;
  visitor: Visitor;
  onVisitor: (visitor: Visitor) => void;
  onBought: (ticket: Ticket) => void;
  onTickets: () => void;
  onClose: () => void;
}

export function BuyDialog({ show, visitor, onVisitor, onBought, onTickets, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [keyOf] = useState(orderKeys);
  const [name, setName] = useState(visitor.name);
  const [email, setEmail] = useState(visitor.email);
  const [seats, setSeats] = useState(1);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [ticket, setTicket] = useState<Ticket>();
  const id = useId();
  const choices = Array.from({ length: Math.min(MOST_SEATS, show.seatsLeft) }, (_, index) => index + 1);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  async function buy(event: FormEvent) {
    event.preventDefault();
    const order = { showId: show.id, seats, buyer: { name: name.trim(), email: email.trim() } };
    setBusy(true);
    setError(undefined);
    try {
      const bought = await buyTicket(order, keyOf(order));
      onVisitor(order.buyer);
      setTicket(bought);
      onBought(bought);
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <dialog ref={dialog} aria-labelledby={`${id}-title`} onClose={onClose}>
      <h2 id={`${id}-title`}>{show.title}</h2>
      <p className="meta">
        {when(show.startsAt)} · {show.venueName}
      </p>
      {ticket ? (
        <div className="done" role="status">
          <p>
            <strong>{count(ticket.seats, 'seat')} booked.</strong> We are looking forward to seeing you,{' '}
            {ticket.buyerName}.
          </p>
          <p className="fine">Ticket {ticket.id}</p>
          <div className="actions">
            <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
              Close
            </button>
            <button type="button" onClick={onTickets}>
              See my tickets
            </button>
          </div>
        </div>
      ) : (
        <form onSubmit={buy}>
          <label htmlFor={`${id}-seats`}>Seats</label>
          <select id={`${id}-seats`} value={seats} onChange={(event) => setSeats(Number(event.target.value))}>
            {choices.map((n) => (
              <option key={n} value={n}>
                {n}
              </option>
            ))}
          </select>
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            required
            maxLength={100}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <label htmlFor={`${id}-email`}>E-mail</label>
          <input
            id={`${id}-email`}
            type="email"
            required
            maxLength={254}
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <p className="total">
            Total <strong>{price(show.priceCents * seats, show.currency)}</strong>
          </p>
          {error && <Notice error={error} />}
          <div className="actions">
            <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit" disabled={busy}>
              {busy ? 'Buying…' : `Buy ${count(seats, 'ticket')}`}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}
