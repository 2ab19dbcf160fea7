/** A refusal of the server (RFC 9457), or `offline` when it could not be reached. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly slug: string
  readonly status: number
  readonly field: string | null
  readonly detail: string | null
  readonly requestId: string | null
  /** When to come back, where the server says so. */
  readonly retryAfterMs: number | null

  constructor(parts: { slug: string; title: string; status: number; field?: string | null; detail?: string | null; requestId?: string | null; retryAfterMs?: number | null }) {
    super(parts.title)
    this.slug = parts.slug
    this.status = parts.status
    this.field = parts.field ?? null
    this.detail = parts.detail ?? null
    this.requestId = parts.requestId ?? null
    this.retryAfterMs = parts.retryAfterMs ?? null
  }
}

/** Whether something failed by this refusal. */
export function isRefusal(problem: unknown, slug: string): boolean {
  return problem instanceof ApiProblem && problem.slug === slug
}

/** Reads a problem body; an answer that carries none is named after its status. */
export function toProblem(body: unknown, response: { status: number; statusText: string; headers?: Headers }): ApiProblem {
  const parts = readBody(body)
  return new ApiProblem({
    slug: text(parts.type)?.split('/').pop() || slugOfStatus(response.status),
    title: text(parts.title) ?? (response.statusText || 'Request failed'),
    status: response.status,
    field: text(parts.field),
    detail: text(parts.detail),
    requestId: text(parts.request_id),
    retryAfterMs: response.status === 429 ? seconds(response.headers?.get('retry-after')) : null,
  })
}

function seconds(value: string | null | undefined): number | null {
  const count = Number.parseInt(value ?? '', 10)
  return Number.isFinite(count) ? count * 1000 : null
}

function readBody(body: unknown): Record<string, unknown> {
  if (typeof body === 'string') {
    try {
      return readBody(JSON.parse(body))
    } catch {
      return {}
    }
  }
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function slugOfStatus(status: number): string {
  switch (status) {
    case 400: return 'malformed'
    case 401: return 'unauthenticated'
    case 403: return 'forbidden'
    case 404: return 'not-found'
    case 413: return 'upload-too-large'
    case 422: return 'invalid'
    case 429: return 'too-many-requests'
    case 502: case 503: case 504: return 'unavailable'
    case 507: return 'storage-full'
    default: return 'internal'
  }
}
