import { ApiError } from '../../api/client';
import { Loading, Trouble } from '../../ui/pieces';
import { NotFound } from './NotFound';

/** A page whose thing is not there yet: still on its way, in trouble, or nowhere. */
export function Waiting({ error, retry }: { error: unknown; retry: () => unknown }) {
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return <div className="page">{error ? <Trouble error={error} retry={() => void retry()} /> : <Loading lines={8} />}</div>;
}
