import type { Faults } from './faults.ts';
import { Ec2Server } from './server.ts';
import type { Settings } from './settings.ts';
import { Site } from './site.ts';
import { Upstream } from './upstream.ts';

export interface Ec2ProxyOptions {
  /** Where moto listens. */
  readonly upstream: string;
  /** Times of states and the like; all of them 0 if nothing is said. They may be changed later, in `settings`. */
  readonly settings?: Partial<Settings>;
  /** 12 digits: the account that calls without a session's token work in; by default one that nobody else has. */
  readonly account?: string;
  /** 0, the default: one that is free. */
  readonly port?: number;
}

export interface Ec2Proxy {
  /** `http://127.0.0.1:<port>`; EC2 with rules, STS and DynamoDB as the emulator has them. */
  readonly endpoint: string;
  readonly account: string;
  /** Where moto listens: what is there natively, whatever this proxy shows and when. */
  readonly upstream: string;
  /** Calls of EC2 so far, or those of one action; each attempt counts. */
  calls(action?: string): number;
  /** The actions called so far, in order. */
  actions(): readonly string[];
  /** The parameters of all calls of an action so far, as they were sent. */
  sent(action: string): readonly Readonly<Record<string, string>>[];
  /** What goes wrong. */
  readonly faults: Faults;
  readonly settings: Settings;
  /** Moves its time on by so many milliseconds: what takes that long is over. */
  later(milliseconds: number): void;
  stop(): Promise<void>;
}

const anyAccount = (): string => String(Math.floor(100_000_000_000 + Math.random() * 899_999_999_999));

/**
 * A proxy in front of moto that adds what no emulator of EC2 has: ClientToken, states that last, illegal changes of
 * state refused, things that nobody finds yet, answers that are lost, throttling. It keeps what moto does not, and asks
 * moto for all else. What it says is AWS's documentation where that speaks, otherwise what is known of EC2; none of it
 * is measured.
 */
export const startEc2Proxy = async (options: Ec2ProxyOptions): Promise<Ec2Proxy> => {
  const account = options.account ?? anyAccount();
  const site = new Site(new Upstream(options.upstream, account), options.settings ?? {});
  const server = new Ec2Server(site);
  const endpoint = await server.listen(options.port ?? 0);
  const of = (action?: string) => server.calls.filter((call) => action === undefined || call.action === action);
  return {
    endpoint,
    account,
    upstream: options.upstream,
    calls: (action) => of(action).length,
    actions: () => server.calls.map(({ action }) => action),
    sent: (action) => of(action).map(({ params }) => Object.fromEntries(params)),
    faults: server.faults,
    settings: site.settings,
    later: (milliseconds) => site.clock.moveOn(milliseconds),
    stop: () => server.close(),
  };
};
