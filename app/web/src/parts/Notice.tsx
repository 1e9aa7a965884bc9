import { ApiError } from '../api';

/** What went wrong, and what can be done about it. */
export function Notice({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const api = error instanceof ApiError ? error : undefined;
  return (
    <div className="notice" role="alert">
      <strong>{api?.title ?? 'Something went wrong'}</strong>
      <p>{api ? api.message : 'The page could not be shown. Please try again.'}</p>
      {api?.requestId && <p className="fine">Request {api.requestId}</p>}
      {onRetry && (
        <button type="button" className="quiet" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
