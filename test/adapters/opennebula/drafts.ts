/** Drafts of computes, as the endpoint makes them of what clients send. */
import type { Change, Draft, LinkDraft, NativeEnd } from '../../../lib/adapter/contract.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';

/** The mixin with this type identifier; of a mixin of the catalogue no more is read. */
export const mixinOf = (id: string): Mixin => {
  const cut = id.indexOf('#') + 1;
  return { scheme: id.slice(0, cut), term: id.slice(cut) } as Mixin;
};

export interface Wanted {
  readonly attributes?: Attributes;
  readonly mixins?: readonly Mixin[];
  readonly links?: readonly LinkDraft[];
}

export const computeDraft = ({ attributes = {}, mixins = [], links = [] }: Wanted = {}): Draft<'compute'> => ({
  kind: 'compute',
  attributes,
  mixins,
  links,
});

const TARGETS = { networkinterface: 'network', storagelink: 'storage', securitygrouplink: 'securitygroup' } as const;

/** An inline link to the object with this number. */
export const linkTo = (kind: keyof typeof TARGETS, id: number, attributes: Attributes = {}): LinkDraft => {
  const target: NativeEnd = { kind: TARGETS[kind], id: String(id) };
  return { kind, attributes, mixins: [], target };
};

export const changeOf = (change: Partial<Change<'compute'>>): Change<'compute'> => ({
  set: {},
  unset: [],
  addMixins: [],
  removeMixins: [],
  ...change,
});
