import { type FormEvent, useCallback, useId, useState } from 'react';
import { fetchTickets, returnTicket, type Ticket } from '../api';
import { count, price, when } from '../format';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useLoad } from '../use-load';
import type { Visitor } from '../visitor';

interface Props {
  visitor: Visitor;
  onVisitor: (visitor: Visitor) => void;
  bought: Ticket[];
  onReturned: (id: string) => void;
}

export function Tickets({ visitor, onVisitor, bought, onReturned }: Props) {
  const [email, setEmail] = useState(visitor.email);
  const id = useId();
  function look(event: FormEvent) {
    event.preventDefault();
    onVisitor({ ...visitor, email: email.trim().toLowerCase() });
  }
  return (
    <>
      <h1>My tickets</h1>
      <form className="lookup" onSubmit={look}>
        <label htmlFor={id}>E-mail you bought with</label>
        <div className="row">
          <input
            id={id}
            type="email"
            required
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <button type="submit">Show</button>
        </div>
      </form>
      {visitor.email && (
        <Held key={visitor.email} email={visitor.email} bought={bought} onReturned={onReturned} />
      )}
    </>
  );
}

interface HeldProps {
  email: string;
  bought: Ticket[];
  onReturned: (id: string) => void;
}

function Held({ email, bought, onReturned }: HeldProps) {
  const [held, again] = useLoad(useCallback((signal: AbortSignal) => fetchTickets(email, signal), [email]));
  const [gone, setGone] = useState<readonly string[]>([]);
  const [said, setSaid] = useState('');
  if (held.state === 'failed') return <Notice error={held.error} onRetry={again} />;
  if (!held.value) return <Loading label="Loading tickets" cards={2} />;

  const listed = held.value;
  const fresh = bought.filter(
    (ticket) => ticket.buyerEmail === email.toLowerCase() && !listed.some((other) => other.id === ticket.id),
  );
  const tickets = [...fresh, ...listed].filter((ticket) => !gone.includes(ticket.id));
  return (
    <>
      <p className="said" role="status">
        {said}
      </p>
      {tickets.length === 0 && <p className="empty">No tickets for {email}.</p>}
      <ul className="tickets">
        {tickets.map((ticket) => (
          <li key={ticket.id} className="card ticket">
            <Stub
              ticket={ticket}
              onReturned={() => {
                setGone((before) => [...before, ticket.id]);
                setSaid(`Returned: ${ticket.showTitle}, ${count(ticket.seats, 'seat')}.`);
                onReturned(ticket.id);
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Stub({ ticket, onReturned }: { ticket: Ticket; onReturned: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  async function giveBack() {
    setBusy(true);
    setError(undefined);
    try {
      await returnTicket(ticket.id);
      onReturned();
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  }
  return (
    <>
      <p className="meta">{when(ticket.startsAt)}</p>
      <h2>{ticket.showTitle}</h2>
      <p className="meta">
        {ticket.venueName} · {count(ticket.seats, 'seat')} · {price(ticket.priceCents, ticket.currency)}
      </p>
      <p className="fine">Ticket {ticket.id}</p>
      {error && <Notice error={error} />}
      <div className="actions">
        {asking ? (
          <>
            <button type="button" className="quiet" disabled={busy} onClick={() => setAsking(false)}>
              Keep
            </button>
            <button type="button" className="danger" disabled={busy} onClick={giveBack}>
              {busy ? 'Returning…' : 'Yes, return'}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="quiet"
            onClick={() => setAsking(true)}
            aria-label={`Return ${ticket.showTitle}`}
          >
            Return
          </button>
        )}
      </div>
    </>
  );
}
