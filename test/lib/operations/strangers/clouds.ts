/** The clouds of the walk’s worlds. */
import type { Caller } from '../../../../lib/adapter/contract.ts';
import type { OpenNebula } from '../../../oned/index.ts';

export interface CloudOfWorld {
  /** Settings of the service. */
  readonly adapter: { readonly name: string; readonly settings: object };
  readonly auth: readonly string[];
  /** Alice, as the adapter calls its tenants. */
  readonly tenant: string;
  callerOf(name: string): Caller;
  /** Native calls since the start, in order. */
  readonly calls: readonly string[];
  /** Lets what is under way in the cloud come to its end. */
  settle(): void;
  /** What is made from here on has numbers from this one, where the cloud numbers things. */
  numberFrom(number: number): void;
  /** What the cloud does by chance from here on is the same each time, in a process of its own. */
  chanceFrom?(seed: number): Promise<void>;
  /** The addresses of somebody's network, where they must be free among those of all. */
  addressFor?(name: string): string;
  /** True for a cloud that lives in the table, and can be taken back to an earlier moment with it. */
  readonly inTable: boolean;
  stop(): Promise<void>;
}

export const embedded = async (): Promise<CloudOfWorld> => ({
  adapter: { name: 'dummy', settings: {} },
  auth: ['anonymous'],
  tenant: 'alice',
  callerOf: (name) => ({ name }),
  calls: [],
  settle: () => {},
  numberFrom: () => {},
  inTable: true,
  stop: async () => {},
});

/**
 * An OpenNebula whose users may make networks, and reserve addresses of the seeded one. Its service account may act for
 * callers whom another scheme has proved.
 */
export async function openNebula(): Promise<CloudOfWorld> {
  const { startOpenNebula } = await import('../../../oned/index.ts');
  const { addUser } = await import('../../../oned/methods/users.ts');
  const one: OpenNebula = await startOpenNebula({ step: 3_600_000 });
  one.site.anyoneMakesNetworks = true;
  addUser(one.site, { name: 'mallory', password: 'password', gid: 1 });
  const { vms, images, networks, securityGroups, templates } = one.site;
  return {
    adapter: {
      name: 'opennebula',
      settings: {
        endpoint: one.endpoint,
        defaultOsTemplate: 0,
        floatingIpPools: [1],
        network: { vnMad: 'dummy', bridge: 'br0' },
        serverCipher: { user: 'serveradmin', password: 'password' },
      },
    },
    auth: ['basic'],
    tenant: 'u2',
    callerOf: (name) => ({ name, credentials: `${name}:password` }),
    calls: one.methods,
    settle: () => one.site.steps.settle(),
    numberFrom(number) {
      // So low that the endpoint finds them by computing.
      for (const pool of [vms, images, networks, securityGroups, templates]) pool.next = number / 1000;
    },
    inTable: false,
    stop: () => one.close(),
  };
}

/** An OpenStack with two projects, of one user each. */
export async function openStack(): Promise<CloudOfWorld> {
  const { startOpenStack } = await import('../../../openstack/index.ts');
  const { addUser, PROJECTS } = await import('../../../openstack/seed.ts');
  const { lineOf } = await import('../../../openstack/log.ts');
  const cloud = await startOpenStack({ step: 3_600_000 });
  cloud.site.people.userNamed('alice')!.password = 'password';
  addUser(cloud.site, { name: 'mallory', password: 'password', roles: { [PROJECTS.beta]: 'member' } });
  return {
    adapter: {
      name: 'openstack',
      settings: { endpoint: cloud.endpoint, defaultOsTemplate: '7ee45757-09e6-46e6-9bc8-847da7c611f0' },
    },
    auth: ['basic'],
    tenant: PROJECTS.alpha,
    callerOf: (name) => ({ name, credentials: `${name}:password` }),
    get calls() {
      return cloud.log.map(lineOf);
    },
    settle: () => cloud.site.steps.settle(),
    numberFrom: () => {},
    inTable: false,
    stop: () => cloud.close(),
  };
}
