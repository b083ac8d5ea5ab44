/** What the writers make of each kind. */
import type { Entry } from './journal.ts';

export const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure';

/** Resources that are made, with the attributes that they need. */
export const RESOURCES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  compute: {},
  storage: { 'occi.storage.size': 1 },
  network: {},
  securitygroup: {},
  ipreservation: {},
};
/** Kinds of links, by kind of the target. */
export const LINKS: Readonly<Record<string, string>> = {
  storage: 'storagelink',
  network: 'networkinterface',
  securitygroup: 'securitygrouplink',
  ipreservation: 'networkinterface',
};
/** Actions, each with the state that it leads to. */
export const ACTIONS: Readonly<Record<string, readonly (readonly [action: string, state: string])[]>> = {
  compute: [
    ['stop', 'inactive'],
    ['start', 'active'],
  ],
  storage: [
    ['offline', 'offline'],
    ['online', 'online'],
  ],
};
/** States of what was just made. */
export const FIRST_STATE: Readonly<Record<string, string>> = { compute: 'active', storage: 'online' };

/** An end of a link. */
export const endOf = ({ path, kind }: Entry) => ({ location: path, kind: `${INFRASTRUCTURE}#${kind}` });
