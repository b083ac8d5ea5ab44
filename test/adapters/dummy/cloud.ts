/** An embedded cloud for a test, on a table and a clock that the test controls. */
import { connect, settings } from '../../../adapters/dummy/index.ts';
import type { Adapter, Draft, KindAdapter, LinkDraft, Native, NativeEnd } from '../../../lib/adapter/contract.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import type { Table } from '../../../lib/table/table.ts';

export interface TestCloud {
  readonly table: Table;
  readonly adapter: (caller?: string) => Adapter;
  /** Lets time pass. */
  readonly pass: (seconds: number) => void;
  /** The same cloud in another process. */
  readonly restarted: () => TestCloud;
}

export interface Options {
  readonly settings?: unknown;
  readonly table?: Table;
  readonly local?: boolean;
  readonly site?: string;
}

export function startCloud(options: Options = {}): TestCloud {
  const { table = memoryTable(), local = true, site = 'test' } = options;
  let clock = Date.now();
  const start = (): TestCloud => {
    const dummy = connect({ settings: settings.parse(options.settings ?? {}), site, table, local, now: () => clock });
    return {
      table,
      adapter: (name = 'anne') => dummy({ caller: { name }, deadline: Date.now() + 60_000 }),
      pass: (seconds) => {
        clock += seconds * 1000;
      },
      restarted: start,
    };
  };
  return start();
}

/** A table that counts calls. */
export function counted(table: Table): { readonly table: Table; readonly calls: string[] } {
  const calls: string[] = [];
  const counting = Object.entries(table).map(([name, method]) => [
    name,
    (...call: unknown[]) => {
      calls.push(name);
      return (method as (...call: unknown[]) => unknown)(...call);
    },
  ]);
  return { table: Object.fromEntries(counting), calls };
}

let tokens = 0;
export const newToken = (): string => `token-${++tokens}`;

export const kindOf = (adapter: Adapter, kind: KindTerm): KindAdapter => adapter.kinds[kind] as KindAdapter;

export const end = ({ kind, id }: Native): NativeEnd => ({ kind, id });

export const linkTo = (target: NativeEnd, change: Partial<LinkDraft> = {}): LinkDraft => ({
  kind:
    target.kind === 'storage'
      ? 'storagelink'
      : target.kind === 'securitygroup'
        ? 'securitygrouplink'
        : 'networkinterface',
  attributes: {},
  mixins: [],
  target,
  ...change,
});

/** Makes an entity from a minimal draft. */
export function make(
  adapter: Adapter,
  kind: KindTerm,
  attributes: Draft['attributes'] = {},
  change: Partial<Draft> = {},
  token = newToken(),
): Promise<Native> {
  const size: Attributes = kind === 'storage' ? { 'occi.storage.size': 1 } : {};
  const draft: Draft = { kind, attributes: { ...size, ...attributes }, mixins: [], links: [], ...change };
  return kindOf(adapter, kind).create!(draft, token);
}

/** Links two entities that exist. */
export function attach(
  adapter: Adapter,
  source: Native,
  target: NativeEnd,
  attributes: Draft['attributes'] = {},
): Promise<Native> {
  const { kind } = linkTo(target);
  return make(adapter, kind, attributes, { source: end(source), target: { kind: target.kind, id: target.id } });
}

export const NO_CHANGE = { set: {}, unset: [], addMixins: [], removeMixins: [] } as const;
