import type { Call } from './call.ts';
import { Clock } from './clock.ts';
import { ID_KINDS, notFound, prefixOf } from './ids.ts';
import { KnownInstances } from './known-instances.ts';
import { LISTINGS } from './listings.ts';
import { PassingStates } from './passing.ts';
import { Refusal } from './refusal.ts';
import { SETTINGS, type Settings } from './settings.ts';
import { ClientTokens } from './tokens.ts';
import type { Upstream } from './upstream.ts';
import { show } from './views.ts';
import { all, type Element } from './xml.ts';

/** The StateReason of an instance. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What the proxy knows beside what the emulator keeps. */
export class Site {
  readonly settings: Settings;
  readonly clock = new Clock();
  readonly passing = new PassingStates(this.clock);
  readonly tokens = new ClientTokens();
  readonly known: KnownInstances;
  /** Until when a new resource stays invisible. */
  readonly unseen = new Map<string, number>();
  /** Until when a new thing has no tags. */
  readonly untagged = new Map<string, number>();
  /** Instances that hibernate, or did before their last start. */
  readonly hibernated = new Set<string>();
  /** Since when an instance is terminated. */
  readonly terminated = new Map<string, number>();
  /** Launches whose machines end by themselves, and why. */
  readonly dyingLaunches = new WeakMap<Call, Reason>();
  /** Why an instance ended that nobody terminated. */
  readonly reasons = new Map<string, Reason>();
  /** When a volume was modified, the last time first. */
  readonly modified = new Map<string, readonly number[]>();
  /** What was said about an interface's end by the id of its attachment. */
  readonly deleteOnTermination = new Map<string, boolean>();
  /** Root devices of images; they never change. */
  readonly rootDevices = new Map<string, string>();
  /** Instance types that there are, and whether they have CPU credits. */
  readonly types = new Map<string, boolean>();
  /** CPU credits that were set for an instance. */
  readonly credits = new Map<string, string>();
  private addresses = 0;

  constructor(
    readonly upstream: Upstream,
    settings: Partial<Settings>,
  ) {
    this.known = new KnownInstances(upstream);
    this.settings = { ...SETTINGS, ...settings };
  }

  /** One that exists, as it is shown. Throws its NotFound. */
  async one(call: Call, id: string): Promise<Element> {
    const prefix = prefixOf(id);
    if (!prefix || this.isUnseen(id)) throw notFound(id);
    const { describe, parameter } = ID_KINDS[prefix];
    if (prefix === 'i') {
      const [instance] = all(await this.known.answer(call, [id]), ...LISTINGS.DescribeInstances.path, 'item');
      show('DescribeInstances', instance!, this);
      return instance!;
    }
    const [found] = await this.find(call, describe, { [`${parameter}.1`]: id });
    if (!found) throw notFound(id);
    return found;
  }

  /** What a listing of the emulator (of other things than instances) holds, as it is shown. */
  async find(
    call: Call,
    describe: keyof typeof LISTINGS,
    params: Readonly<Record<string, string>>,
  ): Promise<Element[]> {
    const root = await this.upstream.ask(call.asking(describe, params));
    const items = all(root, ...LISTINGS[describe].path, 'item');
    for (const item of items) show(describe, item, this);
    return items;
  }

  isUnseen(id: string): boolean {
    return (this.unseen.get(id) ?? 0) > this.clock.now();
  }

  isUntagged(id: string): boolean {
    return (this.untagged.get(id) ?? 0) > this.clock.now();
  }

  /** A terminated instance that is no longer shown. */
  isGone(id: string): boolean {
    const since = this.terminated.get(id);
    return since !== undefined && since + this.settings.lingers <= this.clock.now();
  }

  /** The next elastic address: those of the emulator are of 127.0.0.0/8, as those of no network are. */
  nextAddress(): string {
    this.addresses += 1;
    if (this.addresses > 65_000)
      throw new Refusal('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
    return `${ELASTIC}${this.addresses >> 8}.${this.addresses & 255}`;
  }
}

/** What elastic addresses begin with: of a network for tests, as those that the emulator lends never are. */
export const ELASTIC = '198.18.';
