/** The query interface for everybody: what the settings let a request without credentials read. */
import { bringsCredentials } from '../auth/index.ts';
import { OcciError } from '../errors.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { asConditioned, preconditionsOf } from '../http/preconditions.ts';
import { answerLimits, type Result, toResult } from '../http/result.ts';
import { categoriesIn, discover } from '../operations/discover.ts';
import { QUERY_INTERFACE } from '../operations/target.ts';
import { respond, writingFor } from './answering.ts';
import { discoveryFilter } from './reading.ts';
import type { Service } from './service.ts';

/**
 * True for a read of the query interface that needs no caller. Credentials in header fields are checked nevertheless,
 * unless the gateway checks them: it has no authorizer before this route.
 */
export const isOpen = (request: HttpRequest, { settings, events }: Pick<Service, 'settings' | 'events'>): boolean =>
  settings.discovery === 'everybody' &&
  (request.method === 'GET' || request.method === 'HEAD') &&
  QUERY_INTERFACE.test(request.path) &&
  (events.authorizer === true || !bringsCredentials(request));

/** The answer: the part of the model that is the same for every caller. Asks neither the cloud nor the table. */
export async function openDiscovery(
  request: HttpRequest,
  service: Pick<Service, 'baseModel' | 'settings'>,
  isOurs: (authority: string) => boolean,
): Promise<Result> {
  const writes = await writingFor(discover, request);
  if (writes instanceof OcciError) throw writes;
  const conditions = preconditionsOf(request);
  const { responseHeaderBytes, responseBytes } = answerLimits(service.settings);
  const model = await service.baseModel();
  const seen = { isOurs, model: async () => ({ model, catalogue: { mixins: [] }, definitions: new Map() }) };
  const categories = categoriesIn(model, await discoveryFilter(request, discover, seen));
  const response: HttpResponse = respond({ is: 'categories', categories }, writes, request, responseHeaderBytes);
  const result = toResult(response, request, responseHeaderBytes, responseBytes);
  return conditions ? asConditioned(result, conditions) : result;
}
