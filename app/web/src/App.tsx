import { type MouseEvent, useState } from 'react';
import type { Ticket } from './api';
import { Tickets } from './pages/Tickets';
import { Venues } from './pages/Venues';
import { WhatsOn } from './pages/WhatsOn';
import { usePath } from './use-path';
import { recallVisitor, rememberVisitor, type Visitor } from './visitor';

const PAGES = [
  { path: '/', label: 'What’s on' },
  { path: '/tickets', label: 'My tickets' },
  { path: '/venues', label: 'Venues' },
];

export function App() {
  const [path, go] = usePath();
  const [visitor, setVisitor] = useState(recallVisitor);
  // The list of tickets may be a moment behind a purchase: what was bought here is shown at once.
  const [bought, setBought] = useState<Ticket[]>([]);
  const known = (next: Visitor) => {
    setVisitor(next);
    rememberVisitor(next);
  };
  const follow = (event: MouseEvent, to: string) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  const current = PAGES.some((page) => page.path === path) ? path : '/';
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <header className="masthead">
        <div className="masthead-inner">
          <a className="brand" href="/" onClick={(event) => follow(event, '/')}>
            <img src="/lantern.svg" alt="" width="32" height="32" />
            Lantern Theatre Company
          </a>
          <nav aria-label="Pages">
            {PAGES.map((page) => (
              <a
                key={page.path}
                href={page.path}
                aria-current={page.path === current ? 'page' : undefined}
                onClick={(event) => follow(event, page.path)}
              >
                {page.label}
              </a>
            ))}
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {current === '/' && (
          <WhatsOn
            visitor={visitor}
            onVisitor={known}
            onBought={(ticket) => setBought((before) => [ticket, ...before])}
            onTickets={() => go('/tickets')}
          />
        )}
        {current === '/tickets' && (
          <Tickets
            visitor={visitor}
            onVisitor={known}
            bought={bought}
            onReturned={(id) => setBought((before) => before.filter((ticket) => ticket.id !== id))}
          />
        )}
        {current === '/venues' && <Venues />}
      </main>
      <footer>Doors open half an hour before the play. Tickets can be returned until then.</footer>
    </>
  );
}
