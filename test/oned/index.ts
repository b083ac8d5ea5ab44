import type { BadDays } from './bad-days.ts';
import { seed } from './seed.ts';
import { XmlRpcServer } from './server.ts';
import { authenticate } from './session.ts';
import { Site, type Vm } from './site.ts';
import { parseTemplate } from './template-parser.ts';
import { createVm } from './vm-create.ts';
import { numbersOf } from './vm-states.ts';

export interface StandInOptions {
  /** Milliseconds between two steps of a VM, an image or a network. */
  readonly step?: number;
  /** Milliseconds that a state of a VM lasts, by its name: `{ PROLOG: 60_000 }`. Others last until the next step. */
  readonly lasting?: Readonly<Record<string, number>>;
  /** Milliseconds between two looks at scheduled actions (MANAGER_TIMER, 15 s); `Infinity` for none. */
  readonly managerTimer?: number;
  /** Methods that the release does not have. */
  readonly without?: readonly string[];
  /** What `one.system.version` answers. */
  readonly version?: string;
  /** 0 picks a free port. */
  readonly port?: number;
  /** Without the users, images, networks and templates of the recorded site, when false. */
  readonly seeded?: boolean;
  /** An existing site to serve instead of a new one. */
  readonly site?: Site;
}

export interface OpenNebula {
  /** `http://127.0.0.1:<port>/RPC2` */
  readonly endpoint: string;
  /** Calls of oned so far; each one within a `system.multicall` counts. */
  calls(): number;
  /** Requests over HTTP so far; a multicall is one. */
  requests(): number;
  /** Their methods, in order. */
  readonly methods: readonly string[];
  /** Most requests that were in flight at one time; oned takes 15. */
  mostInFlight(): number;
  /** The pools, `steps` (hold, release, advance, settle), `failNext`. */
  readonly site: Site;
  readonly badDays: BadDays;
  /** Makes VMs without calls, as `one.vm.allocate` would, and in a state of choice; for tests of many. */
  fill(count: number, how?: Filling): void;
  /** Puts a VM into a state by name, `UNKNOWN` or `BOOT_FAILURE`, with what goes on in it forgotten. */
  put(vm: number, state: string, message?: string): void;
  close(): Promise<void>;
}

export interface Filling {
  /** `user:password` */
  readonly session?: string;
  readonly state?: string;
  /** The text or XML of the template; `#` in it is the number. */
  readonly template?: string;
  /** False for so many that their documents are better written when somebody asks for them. */
  readonly rendered?: boolean;
}

const MINIMAL = 'NAME = "vm-#"\nCPU = "1"\nMEMORY = "64"';

const fill = (
  site: Site,
  count: number,
  { session = 'alice:password', state = 'RUNNING', template = MINIMAL, rendered = true }: Filling,
): void => {
  const who = authenticate(site, session);
  const host = site.hosts.ascending()[0];
  for (let number = 0; number < count; number += 1) {
    const parsed = parseTemplate(template.replaceAll('#', String(site.vms.next)), 0);
    const vm = createVm(site, who, { template: parsed, hold: true, unnamed: 'one', code: 0, prefix: '' });
    vm.template.remove('SUBMIT_ON_HOLD');
    const numbers = numbersOf(state);
    if (host && numbers[0] >= 3) {
      vm.arriveOn(host, true);
      vm.deployId = `${host.name}:${vm.name}:dummy`;
    }
    vm.goTo(numbers);
    if (!rendered) continue;
    // Rendered now, so that what a test measures is reading.
    vm.poolXml();
    vm.shortForm();
  }
};

const put = (site: Site, vm: Vm, state: string, message?: string): void => {
  site.steps.stop(vm);
  if (message !== undefined) vm.userTemplate.set('ERROR', message);
  vm.goTo(numbersOf(state));
};

/**
 * A stand-in for oned 6.10: keeps state, checks rights and quotas, lets VMs walk through their states. It is held
 * against recordings of the real one by `opennebula.test.ts`.
 */
export const startOpenNebula = async (options: StandInOptions = {}): Promise<OpenNebula> => {
  const site = options.site ?? new Site();
  site.version = options.version ?? site.version;
  site.steps.every = options.step ?? site.steps.every;
  for (const [state, milliseconds] of Object.entries(options.lasting ?? {}))
    site.steps.lasting.set(state, milliseconds);
  site.schedule.every = options.managerTimer ?? site.schedule.every;
  for (const method of options.without ?? []) site.without.add(method);
  if (!options.site && options.seeded !== false) seed(site);
  const server = new XmlRpcServer(site);
  const endpoint = await server.listen(options.port ?? 0);
  return {
    endpoint,
    site,
    badDays: server.badDays,
    methods: server.methods,
    calls: () => server.methods.length,
    requests: () => server.requests,
    mostInFlight: () => server.mostInFlight,
    fill: (count, how = {}) => fill(site, count, how),
    put: (id, state, message) => put(site, site.vms.must(id), state, message),
    close: () => server.close(),
  };
};
