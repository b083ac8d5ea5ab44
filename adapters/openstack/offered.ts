/** What a cloud offers, by the services that its catalogue names. */
import type { KindAdapters } from '../../lib/adapter/contract.ts';
import { kindTermOf } from '../../lib/occi/identifiers.ts';
import { KIND_TERMS, type KindTerm } from '../../lib/occi/kinds/index.ts';
import { MIXINS, type MixinName } from '../../lib/occi/mixins/index.ts';
import type { Mixin } from '../../lib/occi/types.ts';
import type { CatalogueService } from './api/services.ts';
import type { Session } from './identity/session.ts';

/** The services without which there is nothing of a kind. */
const NEEDS: { readonly [K in KindTerm]: readonly CatalogueService[] } = {
  compute: ['compute'],
  storage: ['volume'],
  network: ['network'],
  securitygroup: ['network'],
  ipreservation: ['network'],
  networkinterface: ['compute', 'network'],
  storagelink: ['compute', 'volume'],
  securitygrouplink: ['compute', 'network'],
};

type Endpoints = Session['endpoints'];

const isThere = (kind: KindTerm, endpoints: Endpoints): boolean =>
  NEEDS[kind].every((service) => endpoints[service] !== undefined);

const SERVICES_NEEDED = [...new Set(Object.values(NEEDS).flat())];

/** True where nothing is missing. */
const isWhole = (endpoints: Endpoints): boolean => SERVICES_NEEDED.every((service) => endpoints[service] !== undefined);

/** The kinds whose services are there. */
export const kindsWith = (kinds: KindAdapters, endpoints: Endpoints): KindAdapters =>
  isWhole(endpoints)
    ? kinds
    : Object.fromEntries(KIND_TERMS.flatMap((kind) => (isThere(kind, endpoints) ? [[kind, kinds[kind]]] : [])));

/** The mixins that apply to one of them. */
export const mixinsWith = (mixins: readonly MixinName[], endpoints: Endpoints): readonly MixinName[] =>
  isWhole(endpoints)
    ? mixins
    : mixins.filter((name) => {
        const { applies }: Mixin = MIXINS[name];
        return applies?.some((id) => isThere(kindTermOf(id) ?? 'compute', endpoints)) ?? true;
      });
