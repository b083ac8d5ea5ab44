/** KINDS: every kind that the endpoint can serve; core first, since suites read the first lines (SUITE-1, CLIENT-9). */
import { compute } from './compute.ts';
import { entity } from './entity.ts';
import { ipreservation } from './ipreservation.ts';
import { link } from './link.ts';
import { network } from './network.ts';
import { networkinterface } from './networkinterface.ts';
import { resource } from './resource.ts';
import { securitygroup } from './securitygroup.ts';
import { securitygrouplink } from './securitygrouplink.ts';
import { storage } from './storage.ts';
import { storagelink } from './storagelink.ts';

/** The three kinds that always exist and are never instantiated (CORE-7). All but `entity` have a collection. */
export const CORE_KINDS = { entity, resource, link } as const;

/** The kinds whose entities are resources. */
export const RESOURCE_KINDS = { compute, storage, network, securitygroup, ipreservation } as const;

/** The kinds whose entities are links. */
export const LINK_KINDS = { networkinterface, storagelink, securitygrouplink } as const;

/** The kinds that can be instantiated, by term. */
export const KINDS = { ...RESOURCE_KINDS, ...LINK_KINDS } as const;

export type ResourceTerm = keyof typeof RESOURCE_KINDS;
export type LinkTerm = keyof typeof LINK_KINDS;
export type KindTerm = keyof typeof KINDS;
export type KindOf<T extends KindTerm> = (typeof KINDS)[T];

export const KIND_TERMS = Object.keys(KINDS) as readonly KindTerm[];

/** The core kinds with a collection: of the entities of all kinds that inherit from them. */
export type CoreTerm = 'resource' | 'link';

/** True for the term of a link kind. */
export const isLinkTerm = (term: KindTerm): term is LinkTerm => Object.hasOwn(LINK_KINDS, term);

/** True for a kind whose entities are members of the collection of a kind or of a core kind. */
export const isIn = (term: KindTerm, collection: KindTerm | CoreTerm): boolean =>
  term === collection || collection === (isLinkTerm(term) ? 'link' : 'resource');
