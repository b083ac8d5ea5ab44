/** `/v2.0/quotas/PROJECT`. */
import { isAdmin, matched, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import { plainBody } from './body.ts';
import type { Kind } from './kind.ts';
import { denied, methodNotAllowed } from './refusals.ts';
import type { Row } from './rows.ts';
import { QUOTAS, type State } from './state.ts';

const all = (state: State, projectId: string): Record<string, number> =>
  Object.fromEntries(Object.keys(QUOTAS).map((name) => [name, state.quota(projectId, name)]));

function used(kinds: readonly Kind<Row>[], name: string, projectId: string): number {
  const rows = kinds.find(({ quota }) => quota === name)?.rows.values() ?? [];
  return [...rows].filter((row) => row.projectId === projectId).length;
}

/** The answer, or undefined for a path that is not about quotas. */
export function answerForQuotas(
  state: State,
  kinds: readonly Kind<Row>[],
  { request, owner }: { readonly request: ServiceRequest; readonly owner: TokenOwner },
): ServiceAnswer | undefined {
  const path = request.path.replace(/\.json$/, '');
  const [detailed] = matched('/v2.0/quotas/{}/details', path) ?? [];
  const projectId = detailed ?? matched('/v2.0/quotas/{}', path)?.[0];
  if (projectId === undefined) return undefined;
  if (request.method === 'GET') {
    if (!isAdmin(owner) && owner.projectId !== projectId) throw denied('rule:get_quota');
    const quota = all(state, projectId);
    if (detailed === undefined) return { status: 200, body: { quota } };
    const details = Object.entries(quota).map(([name, limit]) => [
      name,
      { used: used(kinds, name, projectId), limit, reserved: 0 },
    ]);
    return { status: 200, body: { quota: Object.fromEntries(details) } };
  }
  if (request.method !== 'PUT') throw methodNotAllowed();
  if (!isAdmin(owner)) throw denied('rule:update_quota');
  const said = plainBody(request.text).quota as Record<string, number>;
  state.quotas.set(projectId, { ...state.quotas.get(projectId), ...said });
  return { status: 200, body: { quota: all(state, projectId) } };
}
