/** What scenarios prepare, and how they write their requests: by a process that lives. */
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { pathOf, type Wanted, type WantedLink } from '../lib/operations/payloads.ts';
import { definition, post, TAGS } from './requests.ts';
import type { Process, Request, World } from './world.ts';

const TARGET = {
  networkinterface: 'network',
  storagelink: 'storage',
  securitygrouplink: 'securitygroup',
} as const;

export type LinkKind = keyof typeof TARGET;
export const isLinkKind = (kind: KindTerm): kind is LinkKind => Object.hasOwn(TARGET, kind);

type Whole = Wanted & { readonly kind: KindTerm };

export class Setup {
  readonly #world: World;
  readonly #process: Process;

  constructor(world: World, process: Process) {
    this.#world = world;
    this.#process = process;
  }

  /** Sends what prepares the scenario. Throws if it does not succeed. */
  async send(request: Request) {
    const reply = await this.#process.send(request);
    this.#world.cloud.later(0);
    if (reply.status < 300) return reply;
    throw new Error(`${request.method} ${request.path} is ${reply.status}: ${reply.body}`);
  }

  /** The smallest entity of a kind, with what is given beside it; links come with what they lead to and from. */
  async wanted(kind: KindTerm, more: Partial<Wanted> = {}): Promise<Whole> {
    const needs = this.#world.cloud.needs(kind);
    const attributes = { ...needs.attributes, ...more.attributes };
    const mixins = [...(needs.mixins ?? []), ...(more.mixins ?? [])];
    if (!isLinkKind(kind)) return { kind, mixins, attributes, ...(more.links && { links: more.links }) };
    // A group is on the interfaces of a machine.
    const links = kind === 'securitygrouplink' ? [await this.link('networkinterface')] : [];
    const source = await this.make('compute', { links });
    const target = await this.make(TARGET[kind]);
    const ends = { 'occi.core.source': source, 'occi.core.target': target };
    return { kind, mixins, attributes: { ...attributes, ...ends } };
  }

  /** Makes an entity and gives its path. */
  async make(kind: KindTerm, more: Partial<Wanted> = {}): Promise<string> {
    const reply = await this.send(post(`/${kind}/`, await this.wanted(kind, more)));
    return pathOf(reply.headers.location!);
  }

  /** Makes a machine that can be saved and gives its path. */
  makeSavable(): Promise<string> {
    return this.make('compute', this.#world.cloud.savable);
  }

  /** A link for the payload of a machine, to something new. */
  async link(kind: LinkKind): Promise<WantedLink> {
    return { kind, target: await this.make(TARGET[kind]) };
  }

  /** Path of a network that the provider has published. */
  async publishedNetwork(): Promise<string> {
    const headers = { Accept: 'text/uri-list' };
    const { body } = await this.send({ method: 'GET', path: '/network/', headers });
    return pathOf(body.trim().split(/\s+/)[0]!);
  }

  /** Links of every kind, and an interface at a reserved address. */
  async links(): Promise<readonly WantedLink[]> {
    const address: WantedLink = { kind: 'networkinterface', target: await this.make('ipreservation') };
    return [
      await this.link('networkinterface'),
      await this.link('storagelink'),
      await this.link('securitygrouplink'),
      address,
    ];
  }

  /** Defines a mixin and gives its identifier and its collection. */
  async tag(term: string) {
    await this.send({ method: 'POST', path: '/-/', ...definition(term) });
    return { id: TAGS + term, path: `/crash/${term}/` };
  }
}
