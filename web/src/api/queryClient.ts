import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem'

/** Everything the page knows of the server. Refusals are final; a lost connection or a fault is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, problem) => failures < 2 && problem instanceof ApiProblem && (problem.status === 0 || problem.status >= 500),
    },
  },
})
