import { Steps } from '../oned/steps.ts';
import type { Between } from './between.ts';
import { Ids } from './ids.ts';
import { People } from './people.ts';
import type { ServiceName } from './service.ts';

/** Texts of failures that the next piece of work of a kind meets. */
export type Work =
  | 'schedule'
  | 'spawn'
  | 'network'
  | 'attachVolume'
  | 'detachPort'
  | 'createVolume'
  | 'snapshot'
  | 'resize';

/** The state of one OpenStack: everything that its services share. */
export class Site {
  readonly steps = new Steps();
  readonly ids = new Ids();
  readonly people = new People();
  /** What each service offers the others; whole once all five are made. */
  readonly between = {} as { -readonly [S in keyof Between]: Between[S] };
  /** `http://127.0.0.1:<port>` of each service. */
  readonly origins = {} as Record<ServiceName, string>;
  /** The newest microversion that a service knows. */
  readonly newest = { compute: '2.104', volume: '3.71' };
  /** Services that the catalogue does not name. */
  readonly without = new Set<ServiceName>();
  /** Collections that Neutron does not have, such as `routers` without its router plugin. */
  readonly neutronWithout = new Set<string>();
  readonly region = 'RegionOne';
  /** Zones of volumes. */
  readonly volumeZones = ['nova'];
  /** False for a site in which projects may have as much as they like. */
  hasQuotas = true;
  /** Whether members may delete the ports of servers, as they may before 2026.2. */
  boundPortsDeletable = false;
  /** Whether a service makes backups of volumes; without one they end as errors, as on the recorded site. */
  hasBackups = false;
  /** How long Nova does not see that a port has got a floating address, in milliseconds: about a second on the recorded site. */
  addressesLateMs = 0;
  /** How long services believe a token that they have seen, in milliseconds (keystonemiddleware's `token_cache_time`). */
  tokenCacheMs = 300_000;
  /** How long a token lasts, in milliseconds. */
  tokenLifetimeMs = 3_600_000;
  private offsetMs = 0;
  private readonly failures = new Map<Work, string[]>();

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** Moves the clock of all services on, so that tokens expire; steps are not moved by it. */
  passTime(milliseconds: number): void {
    this.offsetMs += milliseconds;
  }

  /** The next work of this kind fails with this text. */
  failNext(work: Work, text = 'the stand-in was set up to fail'): void {
    this.failures.set(work, [...(this.failures.get(work) ?? []), text]);
  }

  /** The text of the failure, once; undefined when it works. */
  fails(work: Work): string | undefined {
    return this.failures.get(work)?.shift();
  }
}

/** `2026-11-29T23:32:34Z`, as Nova and Neutron write times. */
export const seconds = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** `2026-11-29T23:32:52.000000`, where the database keeps whole seconds. */
export const wholeMicros = (milliseconds: number): string => micros(Math.floor(milliseconds / 1000) * 1000);

/** `2026-11-29T23:32:52.123000`, as Cinder and parts of Nova write them. */
export const micros = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 23)}000`;
