import { matched, type Service, type ServiceAnswer, type ServiceRequest, type TokenOwner } from '../service.ts';
import type { Site } from '../site.ts';
import { defaultGroup } from './default-group.ts';
import { documentAt, versions } from './documents.ts';
import type { Kind } from './kind.ts';
import { floatingIps } from './kinds/floating-ips.ts';
import { groups } from './kinds/groups.ts';
import { networks } from './kinds/networks.ts';
import { ports } from './kinds/ports.ts';
import { routers } from './kinds/routers.ts';
import { rules } from './kinds/rules.ts';
import { subnets } from './kinds/subnets.ts';
import { portsForNova } from './ports-for-nova.ts';
import { answerForQuotas } from './quotas.ts';
import { answerForRbac } from './rbac.ts';
import { notFound } from './refusals.ts';
import { answerFor } from './resources.ts';
import { answerForInterface, type InterfaceChange } from './router-interfaces.ts';
import type { Row } from './rows.ts';
import { seed } from './seed.ts';
import { State } from './state.ts';
import { answerForTags } from './tags.ts';

const CHANGES = ['add_router_interface', 'remove_router_interface'];

/** Neutron 29, as far as clients of networks, addresses, routers and security groups go. */
export function neutron(site: Site, seeded: boolean): Service {
  const state = new State(site);
  if (seeded) seed(state);
  site.between.ports = portsForNova(state);
  const [ruleKind, routerKind] = [rules(state), routers(state)];
  const groupKind = groups(state, ruleKind);
  const kinds = {
    networks: networks(state),
    subnets: subnets(state),
    ports: ports(state),
    routers: routerKind,
    floatingips: floatingIps(state),
    'security-groups': groupKind,
    'security-group-rules': ruleKind,
  };
  const byPath = new Map(Object.entries(kinds)) as unknown as ReadonlyMap<string, Kind<Row>>;

  const resource = (request: ServiceRequest, owner: TokenOwner): ServiceAnswer | undefined => {
    const [, version, collection, id, below, tag, ...more] = request.path
      .replace(/\.json$/, '')
      .split('/')
      .map(decodeURIComponent);
    if (site.neutronWithout.has(collection ?? '')) return undefined;
    const kind = version === 'v2.0' ? byPath.get(collection ?? '') : undefined;
    if (!kind || more.length > 0) return undefined;
    if (collection === 'security-groups' && owner.projectId) defaultGroup(state, owner.projectId);
    if (below === undefined) return answerFor(state, kind, { request, owner, id: id === '' ? undefined : id });
    if (below === 'tags') return answerForTags(state, kind, { request, owner, id: id!, tag });
    if (collection !== 'routers' || tag !== undefined || !CHANGES.includes(below)) return undefined;
    return answerForInterface(state, routerKind, { request, owner, id: id!, change: below as InterfaceChange });
  };

  return {
    isOpen: ({ path }) => matched('/', path) !== undefined,
    answer(request, owner) {
      if (!owner) return versions(request);
      const answer =
        documentAt(request) ??
        answerForRbac(state, groupKind, { request, owner }) ??
        answerForQuotas(state, [...byPath.values()], { request, owner }) ??
        resource(request, owner);
      if (answer) return answer;
      throw notFound('HTTPNotFound', 'The resource could not be found.');
    },
  };
}
