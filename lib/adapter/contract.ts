/**
 * The contract between OCCI and a cloud. An adapter translates once, from and to OCCI's own attributes; it never sees
 * a rendering, an OCCI id or a request. It lies here because its user owns it; implementations are in `adapters/`.
 *
 * An optional method that is absent is answered 501. Every method throws `OcciError` only, with a sentence for the
 * client: it names kinds and values, never a native id, for clients know none. None of them waits for the
 * cloud to finish: an action or a create answers as soon as the cloud has accepted it, and the state tells the rest.
 *
 * Tokens: a token names one native thing, so that a create whose answer was lost is not carried out twice. The endpoint
 * gives each create a token: random, or from the record of the request's `Idempotency-Key`; several entities in one
 * request get `token-0`, `token-1` and so on, and a path chosen by PUT keeps the token of its first attempt. The adapter
 * stores it in the cloud (a tag, an attribute, a name) and derives from it whatever the cloud wants: EC2's `ClientToken`
 * and, after a launch that was taken back, the tokens `token 1`, `token 2`. `tokens.ts` saves the call that would find
 * what this process has made itself.
 */

import type { KindOf, KindTerm } from '../occi/kinds/index.ts';
import type { MixinName } from '../occi/mixins/index.ts';
import type { ActionTermOf, Attributes, AttributesOf, AttributeValue, Mixin } from '../occi/types.ts';
import type { OwnCredentials } from './cloud-login.ts';
import type { Finding } from './finding.ts';
import type { Logins } from './logins.ts';

/**
 * The cloud's own name of a thing. For a link it names slot and target (`42:nic0:net7`): a slot used again is another
 * link.
 */
export type NativeId = string;

/** Where a link ends: an entity of this cloud. */
export interface NativeEnd {
  readonly kind: KindTerm;
  readonly id: NativeId;
}

/**
 * One entity as the cloud has it, in OCCI's attributes and units. It must not be changed afterwards: listings compare
 * it with later ones.
 */
export interface Native<K extends KindTerm = KindTerm> {
  readonly kind: K;
  readonly id: NativeId;
  /** The kind's attributes (typed) and those of its mixins. `occi.core.title` and `.summary` where the cloud holds them. */
  readonly attributes: AttributesOf<KindOf<K>> & Attributes;
  /** Type identifiers of its mixins, templates included. */
  readonly mixins: readonly string[];
  /** For a resource: its outgoing links, whole. */
  readonly links?: readonly Native[];
  /** Set where some of its links could not be read: their native ids begin with it, and those of others do not. */
  readonly linksBeginWith?: string;
  /** For a link: its two ends. */
  readonly source?: NativeEnd;
  readonly target?: NativeEnd;
  /** Published by the provider: all users may use it, and a collection delete skips it. */
  readonly published?: boolean;
  /** Actions that this one can never carry out, whatever its state: they are not offered with it. */
  readonly cannotAct?: readonly string[];
}

/** A link as the client wants it, its ends already resolved. `source` is absent for a link inside a resource's draft. */
export interface LinkDraft<K extends KindTerm = KindTerm> {
  readonly kind: K;
  readonly attributes: AttributesOf<KindOf<K>> & Attributes;
  readonly mixins: readonly Mixin[];
  readonly source?: NativeEnd;
  readonly target: NativeEnd;
}

/** An entity to be made: validated, template values and defaults applied, every mixin known and applicable. */
export interface Draft<K extends KindTerm = KindTerm> {
  readonly kind: K;
  readonly attributes: AttributesOf<KindOf<K>> & Attributes;
  readonly mixins: readonly Mixin[];
  /** Inline links of a resource, made together with it or not at all; without what their own kinds `cannotHold`. */
  readonly links: readonly LinkDraft[];
  /** The ends of a link. */
  readonly source?: NativeEnd;
  readonly target?: NativeEnd;
}

/** What is to change: new values, names of attributes to take away, mixins to add and (type identifiers) to remove. */
export interface Change<K extends KindTerm = KindTerm> {
  readonly set: AttributesOf<KindOf<K>> & Attributes;
  readonly unset: readonly string[];
  readonly addMixins: readonly Mixin[];
  readonly removeMixins: readonly string[];
}

/** `accepted` is all that an action promises; `save` also brings the new OS template (INF-4). */
export interface ActResult {
  readonly mixin?: Mixin;
}

/** A page of a listing, in an order that does not change between calls. `next` is the cursor of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  /** With a `range`: some in it are left out, which the cloud lists and OCCI does not; so places are not what they seem. */
  readonly isShort?: boolean;
}

/** Some of a listing by their place in it: `count` of them from `offset` on, counted from 0. */
export interface Range {
  readonly offset: number;
  readonly count: number;
}

export interface PageQuery {
  readonly cursor?: string;
  /** Only for an adapter that `ranges`: just these, in one page. */
  readonly range?: Range;
}

/** One kind on one cloud. */
export interface KindAdapter<K extends KindTerm = KindTerm> {
  /** Native ids of all that the caller may see. Native calls: one per page, never one per item. */
  ids(query: PageQuery): Promise<Page<NativeId>>;
  /** The same, whole and with links. Native calls: a fixed number per page, never one per item. */
  list(query: PageQuery): Promise<Page<Native<K>>>;
  /** Throws `notFound` for what is not there or not the caller's: the two look the same. */
  get(id: NativeId): Promise<Native<K>>;
  /**
   * Makes an entity; the links of what comes back stand in the order of the draft's. The same `token` twice makes one.
   * Throws `invalid` for an end of a link that is not there, and marks it `unseen` if it may only not be visible yet.
   */
  create?(draft: Draft<K>, token: string): Promise<Native<K>>;
  /**
   * The attributes of size (cores, memory, size) that an entity with these attributes and mixins would have, for limits
   * per tenant. A cloud that makes sizes in steps rounds them up (`sizes.ts`) and shows what it made. Absent where an
   * entity has what its draft says. Makes nothing; may throw as `create` for what cannot be made.
   */
  sizeOfNew?(draft: Pick<Draft<K>, 'attributes' | 'mixins'>): Promise<Attributes>;
  /** The entity that an earlier `create` made under this token, when its answer was lost. */
  findByToken?(token: string): Promise<Native<K> | undefined>;
  /** Throws `conflict` for a change that the cloud cannot make now, `notImplemented` for one that it never can. */
  update?(id: NativeId, change: Change<K>): Promise<Native<K>>;
  remove?(id: NativeId): Promise<void>;
  act?(id: NativeId, action: ActionTermOf<KindOf<K>>, attributes: Attributes): Promise<ActResult>;
  /** How an entity is found by its OCCI id in a few native calls; absent where only a listing can tell. */
  readonly finding?: Finding<Native<K>>;
  /**
   * Actions that the cloud can never carry out, each with a sentence for clients that says why: they are not offered,
   * and a request for one is `notImplemented`.
   */
  readonly cannotAct?: { readonly [A in ActionTermOf<KindOf<K>>]?: string };
  /** True where the cloud has offsets: a query with a `range` costs as much as what it asks for. */
  readonly ranges?: boolean;
  /**
   * How long the cloud may still list what was deleted, in seconds: a tombstone hides it that long. Where an accepted
   * delete may fail without a word it is short, so that what is still there is seen again.
   */
  readonly lingers?: number;
  /**
   * How long after a create the cloud may still know nothing of it, in seconds: until then a `notFound` that is
   * `unseen` means not visible yet: the entity is shown as `waiting`, and what changes it or links to it is tried again
   * within the time of the request. For kinds of resources that `lingers`, so that a deleted one is not.
   */
  readonly appearsWithin?: number;
  /**
   * Mutable attributes that the cloud gives to every entity of the kind, whether or not a client names them: a full
   * update that leaves one out takes nothing away, and may be repeated.
   */
  readonly givesAnyway?: readonly string[];
  /**
   * True if the cloud gives every entity of the kind a size (a mixin that depends on `resource_tpl`): a full update that
   * leaves it out and asks for no other keeps it, and may be repeated.
   */
  readonly alwaysSized?: true;
  /** Mutable attributes of the kind that the cloud cannot keep exactly; the store keeps them beside the mapping. */
  readonly cannotHold?: readonly string[];
  /**
   * True for a value that the cloud cannot keep exactly though it holds the attribute (a title with characters that its
   * names cannot have): the adapter does not get it, the store keeps it, and the cloud is asked to take an older one
   * away.
   */
  cannotHoldValue?(name: string, value: AttributeValue): boolean;
}

export type KindAdapters = { readonly [K in KindTerm]?: KindAdapter<K> };

/** What the cloud offers by name, as mixins that depend on a base mixin (`os_tpl`, `resource_tpl`, zones, pools). */
export interface Catalogue {
  readonly mixins: readonly Mixin[];
  /** Schemes besides those of `mixins`: it is read again, every 15 seconds at most, for an unknown mixin in one of them. */
  readonly schemes?: readonly string[];
  /** Type identifier of the template that a compute without one gets; absent if the cloud needs none. */
  readonly defaultOsTemplate?: string;
  /** Schemes of what could not be read: it is asked for again soon, and a mixin of theirs that is missing may exist. */
  readonly unread?: readonly string[];
}

/** Whose request this is: a stable name, safe to be part of a key. Two callers with one tenant see the same entities. */
export type Tenant = string;

/** A cloud, for one caller and one request. */
export interface Adapter {
  readonly name: string;
  /** A configured name that never changes (not a URL, host or account): OCCI ids are made from it. */
  readonly site: string;
  /** After `identify` without those whose service the caller's tenant lacks; the same set for all callers of a tenant. */
  readonly kinds: KindAdapters;
  /** The mixins of the tables that it acts on; only these are offered. */
  readonly mixins: readonly MixinName[];
  /** Proves the caller to the cloud before any key is formed. Throws `unauthenticated`. */
  identify(): Promise<Tenant>;
  /**
   * Who sees the same catalogue, where not all callers of a tenant do: a name that is safe in a key. Asked after
   * `identify`; absent where the tenant is enough.
   */
  audience?(): string;
  /**
   * Who the caller is by the cloud, for the audit: a name and what is never given to another user. Asked after
   * `identify`; absent where the name in `Caller` is as good.
   */
  callerName?(): string;
  /**
   * True if the cloud lets the caller change nothing. Then the endpoint refuses each change, also of what only its own table
   * keeps: tags, and values that the cloud cannot hold. Asked after `identify`; absent where all callers may change things.
   */
  mayOnlyRead?(): boolean;
  catalogue(): Promise<Catalogue>;
  /** Absent for a cloud that hands out no tokens. Asked for only where the caller has `credentials`. */
  readonly logins?: Logins;
}

/** Who asks, as an auth scheme found it. `credentials` are the caller's own, for the cloud, and go nowhere else. */
export interface Caller extends OwnCredentials {
  readonly name: string;
}

/** What an adapter is given for one request. */
export interface AdapterContext {
  readonly caller: Caller;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  /** Called when a native call has ended, for the log and the metrics. */
  readonly onNativeCall?: (report: NativeCallReport) => void;
}

/** One native call. It names the call and how it ended, never what was in it. */
export interface NativeCallReport {
  /** The cloud's name of the call. */
  readonly call: string;
  readonly milliseconds: number;
  /** `ok`, or what went wrong in a word. */
  readonly outcome: string;
  /** Set when the cloud gave no answer of its own: it put the call off because there are too many, or was at fault. */
  readonly failed?: 'throttled' | 'broken' | undefined;
}
