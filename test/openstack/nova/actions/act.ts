import type { ServiceAnswer, ServiceRequest, TokenOwner } from '../../service.ts';
import { parsed } from '../body.ts';
import { checkState, findBuilt } from '../find.ts';
import { record } from '../history.ts';
import type { Microversion } from '../microversion.ts';
import { bad, forbidden, methodNotFound, mustWrite } from '../refusals.ts';
import type { NovaState } from '../state.ts';
import { ACCEPTED } from './action.ts';
import { ACTIONS } from './table.ts';

/** POST `/servers/{id}/action`. */
export function act(
  state: NovaState,
  request: ServiceRequest,
  version: Microversion,
  owner: TokenOwner,
  id: string,
): ServiceAnswer {
  const body = parsed(request);
  const [entry, ...others] = Object.entries(body);
  if (!entry || others.length > 0) throw bad('Malformed request body');
  const [name, value] = entry;
  const action = ACTIONS[name];
  if (!action) throw bad(`There is no such action: ${name}`);
  if (action.until !== undefined && version.has(action.until)) throw methodNotFound();
  const server = findBuilt(state, owner, id);
  const policy = `os_compute_api:${action.policy}`;
  if (action.isForAdmins && !owner.roles.includes('admin')) throw forbidden(policy);
  mustWrite(owner, policy);
  if (name !== 'unlock') checkState(server, owner, action);
  const answer = action.run({ state, server, owner, version, origin: request.origin, value });
  record(state, server, action.recorded ?? action.name);
  return answer ?? ACCEPTED;
}
