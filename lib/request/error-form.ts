import type { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';

/** How failures are answered at a page whose clients read none of OCCI's renderings. */
export type ErrorForm = (error: OcciError, request: Pick<HttpRequest, 'requestId'>) => HttpResponse;
