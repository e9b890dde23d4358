// What went wrong, as the API says it: RFC 9457, or our own word when no answer came.
import type { ProblemBody } from './types';

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly traceId: string | undefined;
  readonly setUp: boolean | undefined;
  readonly retryAfterS: number | undefined;

  constructor(status: number, body: Partial<ProblemBody>, retryAfterS?: number) {
    super(body.detail || body.title || body.code || `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code || (status === 0 ? 'NO_ANSWER' : `HTTP_${status}`);
    this.detail = body.detail || body.title || '';
    this.traceId = body.trace_id;
    this.setUp = body.set_up;
    this.retryAfterS = retryAfterS;
  }

  /** The session is over; a failed sign-in is something else. */
  get isSignedOut(): boolean {
    return this.code === 'SIGNED_OUT';
  }
}

function readRetryAfter(response: Response): number | undefined {
  const seconds = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function isProblem(body: unknown): body is Partial<ProblemBody> {
  return typeof body === 'object' && body !== null && ('code' in body || 'title' in body);
}

/** `body` is what openapi-fetch has read: an object, or the text of something that is no JSON. */
export function problemOf(response: Response, body: unknown): ApiError {
  return new ApiError(response.status, isProblem(body) ? body : {}, readRetryAfter(response));
}

/** Anything that was thrown, as a problem. */
export function asProblem(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return new ApiError(0, { detail: error.message });
  return new ApiError(0, {
    code: 'UNEXPECTED',
    detail: error instanceof Error ? error.message : String(error),
  });
}
