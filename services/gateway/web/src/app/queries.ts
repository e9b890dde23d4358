// The cache of what was read, and what happens when the session ends.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';

const MOST_RETRIES = 1; // the client has repeated by itself what may pass
const FRESH_MS = 5000;

function onProblem(error: unknown): void {
  if (asProblem(error).isSignedOut && queries.getQueryData(['me']) !== undefined) {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
    void queries.resetQueries({ queryKey: ['me'] });
  }
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: onProblem }),
  mutationCache: new MutationCache({ onError: onProblem }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (count, error) => asProblem(error).status >= 500 && count < MOST_RETRIES,
      refetchOnWindowFocus: true,
    },
  },
});
