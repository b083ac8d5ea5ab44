/**
 * Settings under which two callers would get the same name, or one of them another's tenant without the provider having
 * meant it. Tenants written out are shared on purpose; names and tenants made of what an issuer says are not.
 */
import type { AuthEntry } from './entry.ts';
import { leaveOwnTenants, type Rules } from './grants.ts';
import { canBegin, canMeet, matched, type Starred, starredIn } from './star.ts';

/** A setting that must change, and how. The path begins at the list of entries. */
export interface Collision {
  readonly path: readonly (string | number)[];
  readonly rule: string;
}

/** An entry whose callers are named by their issuer. */
interface Source {
  readonly place: number;
  readonly scheme: 'oidc' | 'gateway';
  readonly prefix: string;
  /** The issuer gives the names, so that no caller can choose one: `sub`, and the names of AWS. */
  readonly givesNames: boolean;
  readonly rules: Rules | undefined;
  /** The tenants that rules make of claims. */
  readonly patterns: readonly (Starred & { readonly rule: number })[];
  /** Whether a caller's own name can be its tenant. */
  readonly hasOwnTenants: boolean;
}

/** A caller whom the provider has written down. */
interface Written {
  readonly name: string;
  readonly where: string;
  readonly hasOwnTenant: boolean;
}

function sourceOf(entry: AuthEntry, place: number): Source[] {
  if (typeof entry === 'string') return [];
  const { oidc, gateway } = entry;
  if (!oidc && !gateway) return [];
  const rules = (oidc ?? gateway)?.require;
  return [
    {
      place,
      scheme: oidc ? 'oidc' : 'gateway',
      prefix: oidc?.prefix ?? '',
      givesNames: (oidc ?? gateway!).claim === 'sub' || gateway?.from === 'iam',
      rules,
      patterns: (rules ?? []).flatMap(({ tenant }, rule) => {
        const starred = tenant === undefined ? undefined : starredIn(tenant);
        return starred ? [{ ...starred, rule }] : [];
      }),
      hasOwnTenants: leaveOwnTenants(rules),
    },
  ];
}

function writtenIn(entry: AuthEntry, place: number): Written[] {
  if (typeof entry === 'string') return [];
  const of = (scheme: string, name: string, { tenant }: { readonly tenant?: string | undefined }): Written => ({
    name,
    where: `auth.${place}.${scheme}`,
    hasOwnTenant: tenant === undefined,
  });
  return [
    ...Object.entries(entry.users ?? {}).map(([name, user]) => of('users', name, user)),
    ...Object.entries(entry.x509?.users ?? {}).map(([subject, user]) => of('x509', user.name ?? subject, user)),
  ];
}

const nameOf = ({ place, scheme }: Source): string => `auth.${place}.${scheme}`;
const tenantPath = ({ place, scheme }: Source, rule: number) => [place, scheme, 'require', rule, 'tenant'];

/** A line at the prefix; names behind the gateway have none. */
const atPrefix = (source: Source, rule: string): Collision =>
  source.scheme === 'oidc'
    ? { path: [source.place, 'oidc', 'prefix'], rule: `${rule}: write prefix: 'egi:', for example` }
    : { path: [source.place, 'gateway', 'require'], rule: `${rule}: give every rule a tenant` };

/** The names of callers, which also own their tokens. */
function collidingNames(sources: readonly Source[], written: readonly Written[]): Collision[] {
  return sources.flatMap((source, index) => {
    const other = sources
      .slice(0, index)
      .find(({ prefix }) => prefix.startsWith(source.prefix) || source.prefix.startsWith(prefix));
    if (other) {
      const rule = `must differ from the prefix of ${nameOf(other)}, and neither may begin with the other`;
      return [atPrefix(source, `${rule}, so that no two callers have one name`)];
    }
    const own = written.find(({ name }) => name.startsWith(source.prefix));
    if (!own) return [];
    return [atPrefix(source, `must keep callers of the issuer apart from ${own.name} in ${own.where}`)];
  });
}

/** Tenants that rules make of claims, against those of other issuers, of single callers and of written users. */
function collidingTenants(sources: readonly Source[], written: readonly Written[]): Collision[] {
  return sources.flatMap((source, index) =>
    source.patterns.flatMap(({ rule, ...pattern }): Collision[] => {
      const path = tenantPath(source, rule);
      const others = sources.slice(0, index).flatMap((other) => other.patterns.map((one) => ({ ...one, other })));
      const met = others.find((one) => canMeet(one, pattern));
      if (met) {
        const where = `${nameOf(met.other)}.require.${met.rule}`;
        return [{ path, rule: `must not be able to make a tenant of ${where}: begin it with other letters` }];
      }
      const single = sources.find(({ hasOwnTenants, prefix }) => hasOwnTenants && canBegin(pattern, prefix));
      if (single) {
        const advice = single.scheme === 'oidc' ? `give ${nameOf(single)} a prefix` : 'give every rule a tenant';
        return [
          { path, rule: `must not be able to make the tenant of a single caller of ${nameOf(single)}: ${advice}` },
        ];
      }
      const text = `${pattern.before}*${pattern.after}`;
      const own = written.find(({ name, hasOwnTenant }) => hasOwnTenant && matched(text, name) !== undefined);
      if (!own) return [];
      return [{ path, rule: `must not be able to make ${own.name}, the tenant of that user in ${own.where}` }];
    }),
  );
}

/**
 * Rules that write a tenant out, beside others that make one of a caller's name: a caller may take that name, unless the
 * issuer gives the names. Behind a prefix, such a tenant is never written by accident.
 */
const collidingOwn = (sources: readonly Source[]): Collision[] =>
  sources.flatMap((source) => {
    const fixed = source.rules?.find(({ tenant }) => tenant !== undefined && !tenant.includes('*'))?.tenant;
    if (source.prefix !== '' || source.givesNames || !source.hasOwnTenants || fixed === undefined) return [];
    return [atPrefix(source, `must keep a caller named ${fixed} out of the tenant ${fixed}`)];
  });

/** Entries of one issuer: the second one would never be asked. */
const repeatedIssuers = (entries: readonly AuthEntry[]): Collision[] =>
  entries.flatMap((entry, place) => {
    const issuer = typeof entry === 'string' ? undefined : entry.oidc?.issuer;
    const first = entries.findIndex((one) => typeof one !== 'string' && one.oidc?.issuer === issuer);
    if (issuer === undefined || first === place) return [];
    return [{ path: [place, 'oidc', 'issuer'], rule: `must not be that of auth.${first}: write one entry for both` }];
  });

/** What must change in the entries so that no two callers are taken for one. `gateway` stands alone in them. */
export function collisionsOf(entries: readonly AuthEntry[]): readonly Collision[] {
  const sources = entries.flatMap(sourceOf);
  const written = entries.flatMap(writtenIn);
  const repeated = repeatedIssuers(entries);
  // Their prefixes are alike as well, and one line is enough.
  if (repeated.length > 0) return repeated;
  return [...collidingNames(sources, written), ...collidingTenants(sources, written), ...collidingOwn(sources)];
}
