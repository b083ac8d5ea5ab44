import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Wanted } from '../../lib/operations/payloads.ts';
import type { NativeCall, NativeRequest } from '../relay.ts';

export type CloudName = 'dummy' | 'opennebula' | 'ec2' | 'openstack';

/** A stand-in for a cloud, as the harness works with it. */
export interface Cloud {
  readonly name: CloudName;
  /** Where it listens; absent for the embedded cloud, which is its table. */
  readonly endpoint?: string;
  /** Where all of its services listen, if it has several whose places its answers tell. */
  readonly origins?: readonly string[];
  /** The settings of its adapter, for a process that reaches it at `endpoint`. */
  settings(endpoint: string | undefined): Readonly<Record<string, unknown>>;
  readonly auth: 'anonymous' | 'basic';
  /** What each request carries. */
  readonly headers: Readonly<Record<string, string>>;
  callOf(request: NativeRequest): NativeCall;
  /** What an entity of a kind needs beside its kind. */
  needs(kind: KindTerm): Partial<Wanted>;
  /** What a machine needs beside its kind so that it can be saved; absent where every machine can be. */
  readonly savable?: Partial<Wanted>;
  /** What there is, by sort: counted by the cloud itself, without what it had before. */
  inventory(): Promise<Readonly<Record<string, number>>>;
  /** How many addresses may be reserved: few, so that one that is lost is missed. */
  readonly addresses?: number;
  /** How long it may deny what it has made, in milliseconds: a young entity that is not there is 503 until then. */
  readonly appearsMs?: number;
  /** What a DELETE may be refused with that succeeds a minute later: the cloud does not say when a thing was made. */
  readonly again?: RegExp;
  /**
   * The scenarios in which an address may be in use by what a create left that died, and how long, in milliseconds: after
   * that the next create and delete of a machine set it free.
   */
  readonly freesAddresses?: { readonly in: RegExp; readonly afterMs: number };
  /** A process of its own that is slow: several worlds work at the same time, and entities are read in one rendering. */
  readonly isSlow?: true;
  /** Time passes in it. */
  later(milliseconds: number): void;
  /** The same once more, where that is possible. The embedded cloud is its table, and copied with it. */
  copy?(): Promise<Cloud>;
  stop(): Promise<void>;
}
