import { BadDays } from './bad-days.ts';
import { cinder } from './cinder/index.ts';
import { glance } from './glance/index.ts';
import { keystone } from './keystone/index.ts';
import { issue } from './keystone/issue.ts';
import { Log, type LoggedCall, lineOf } from './log.ts';
import { neutron } from './neutron/index.ts';
import { nova } from './nova/index.ts';
import type { NovaState } from './nova/state.ts';
import { Proof } from './proof.ts';
import { seedPeople } from './seed.ts';
import { ServiceServer } from './server.ts';
import type { ServiceName } from './service.ts';
import { Site } from './site.ts';

export interface StandInOptions {
  /** Milliseconds between two steps of a server, a volume or an image. */
  readonly step?: number;
  /** Milliseconds that a state lasts, by its name: `{ 'server:spawning': 60_000 }`. Others last until the next step. */
  readonly lasting?: Readonly<Record<string, number>>;
  /** The newest microversions: an older cloud, such as `{ compute: '2.60' }`. */
  readonly microversions?: { readonly compute?: string; readonly volume?: string };
  /** Services that the catalogue does not name. */
  readonly without?: readonly ServiceName[];
  /** Collections that Neutron does not have: without its router plugin, `routers` and `floatingips`. */
  readonly neutronWithout?: readonly string[];
  /** Whether members may delete the ports of servers (false), as they may before 2026.2. */
  readonly boundPortsDeletable?: boolean;
  /** Whether a service makes backups of volumes (false). */
  readonly backups?: boolean;
  /** How long Nova does not see that a port has got a floating address, in milliseconds (0). */
  readonly addressesLateMs?: number;
  /** How long services believe a revoked token that they have seen, in milliseconds (300,000). */
  readonly tokenCacheMs?: number;
  /** Without quotas, when false: for tests of many. By default those of the recorded site. */
  readonly quotas?: boolean;
  /** Without flavors, images, networks of the recorded site, when false; people and projects are always there. */
  readonly seeded?: boolean;
}

export interface OpenStack {
  /** URL of Keystone: `http://127.0.0.1:<port>/v3`. */
  readonly endpoint: string;
  /** The state of all services, `steps` (hold, release, advance, settle), `failNext`, `passTime`, `people`. */
  readonly site: Site;
  readonly badDays: BadDays;
  /** What Nova keeps: flavors, quotas, the largest host. */
  readonly nova: NovaState;
  /** Every call so far, in order. */
  readonly log: readonly LoggedCall[];
  /** Number of calls so far. */
  calls(): number;
  /** The calls that some work costs, as `compute GET /v2.1/servers`. */
  callsOf(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** Most calls that were in flight at one time. */
  mostInFlight(): number;
  /** A token, without a call; of the user's first project, if none is named. */
  token(user: string, project?: string): string;
  /** From now on connections to this service are refused. */
  stop(service: ServiceName): Promise<void>;
  /** Ends `stop`, on the same port. */
  resume(service: ServiceName): Promise<void>;
  close(): Promise<void>;
}

const siteOf = (options: StandInOptions): Site => {
  const site = new Site();
  site.steps.every = options.step ?? site.steps.every;
  for (const [state, milliseconds] of Object.entries(options.lasting ?? {}))
    site.steps.lasting.set(state, milliseconds);
  Object.assign(site.newest, options.microversions);
  for (const service of options.without ?? []) site.without.add(service);
  for (const collection of options.neutronWithout ?? []) site.neutronWithout.add(collection);
  site.hasBackups = options.backups ?? site.hasBackups;
  site.boundPortsDeletable = options.boundPortsDeletable ?? site.boundPortsDeletable;
  site.addressesLateMs = options.addressesLateMs ?? site.addressesLateMs;
  site.tokenCacheMs = options.tokenCacheMs ?? site.tokenCacheMs;
  site.hasQuotas = options.quotas !== false;
  seedPeople(site);
  return site;
};

/**
 * A stand-in for OpenStack 2026.2: five services that keep state, check tokens, rights and quotas, and let servers,
 * volumes and images walk through their states. `openstack.test.ts` holds it against recordings of the real one.
 */
export const startOpenStack = async (options: StandInOptions = {}): Promise<OpenStack> => {
  const site = siteOf(options);
  const seeded = options.seeded !== false;
  const services = {
    identity: keystone(site),
    image: glance(site, seeded),
    volume: cinder(site, seeded),
    network: neutron(site, seeded),
    compute: nova(site, seeded),
  };
  const [badDays, log, proof] = [new BadDays(), new Log(), new Proof(site)];
  const servers = new Map<ServiceName, ServiceServer>();
  for (const [name, service] of Object.entries(services) as [ServiceName, (typeof services)[ServiceName]][]) {
    const server = new ServiceServer(name, service, { site, badDays, log, proof });
    servers.set(name, server);
    site.origins[name] = await server.listen();
  }
  return {
    endpoint: `${site.origins.identity}/v3`,
    site,
    badDays,
    nova: services.compute.state,
    log: log.calls,
    calls: () => log.calls.length,
    async callsOf(work) {
      const before = log.calls.length;
      await work();
      return log.calls.slice(before).map(lineOf);
    },
    mostInFlight: () => log.mostInFlight,
    token: (user, project) => issue(site, user, project).text,
    stop: async (service) => await servers.get(service)!.close(),
    async resume(service) {
      await servers.get(service)!.listen();
    },
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
};
