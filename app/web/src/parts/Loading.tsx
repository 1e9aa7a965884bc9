/** Grey shapes where the content will be, and the same said to whoever cannot see them. */
export function Loading({ label, cards = 3 }: { label: string; cards?: number }) {
  return (
    <div className="cards" role="status" aria-label={label}>
      {Array.from({ length: cards }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move
        <div key={index} className="card skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}
