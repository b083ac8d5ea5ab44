/**
 * Claims record the users of a resource that can have several. Each user has a row of its own, so that a thousand users
 * of a network do not contend for one row. A claim is written before the row that uses it. A claim left behind by a
 * crash is ignored once it is old enough and its holder does not use it.
 */
import { randomInt } from 'node:crypto';
import type { PartitionKey } from '../../../lib/table/partition-keys.ts';
import type { Row, RowKey } from '../../../lib/table/table.ts';
import { freeAddresses, type Range } from '../addresses.ts';
import { allRows, type Cloud, type Content, type Holder } from '../cloud.ts';

interface ClaimRow extends Row<PartitionKey> {
  readonly version: number;
  readonly holder: Holder;
}

/** The partition of the claims on a resource: the shared one, or the caller's own. */
export interface ClaimPlace {
  readonly pk: PartitionKey;
  /** Id of the resource. */
  readonly target: string;
}

/** How long a create may take between writing its claim and writing its row. */
const CREATE_TIMEOUT_MS = 60_000;
/** Versions are random, so that a claim that was released and taken again differs from the earlier one. */
const VERSIONS = 2 ** 47;

export const claimKey = ({ target }: ClaimPlace, name: string): string => `claim#${target}#${name}`;

const uses = (holder: Row | undefined, key: string): boolean => {
  const content = holder as (Row & Content) | undefined;
  return content !== undefined && (content.claim === key || (content.links ?? []).some((link) => link.claim === key));
};

/** True if the create that took the claim may not have written its row yet. */
export const isInTheMaking = (cloud: Cloud, holder: Holder): boolean => cloud.now() - holder.at < CREATE_TIMEOUT_MS;

/** Reads the rows of several holders in one batch. */
export async function holdersOf(cloud: Cloud, holders: readonly Holder[]) {
  const name = ({ pk, sk }: RowKey) => `${pk}\n${sk}`;
  const keys = new Map(holders.map(({ pk, sk }) => [name({ pk, sk }), { pk, sk }]));
  const rows = keys.size > 0 ? await cloud.table.getAll([...keys.values()]) : [];
  const found = new Map(rows.map((row) => [name(row), row]));
  return (holder: Holder): Row | undefined => found.get(name(holder));
}

/** True if the holder is still being created, or exists and satisfies `uses`. */
export async function isHeld(cloud: Cloud, holder: Holder, uses: (row: Row) => boolean): Promise<boolean> {
  if (isInTheMaking(cloud, holder)) return true;
  const row = await cloud.table.get(holder);
  return row !== undefined && uses(row);
}

export const isSameCreate = (one: Holder, other: Holder): boolean => one.sk === other.sk && one.token === other.token;

/** Takes a claim. `own` if an earlier attempt of the same create has it; undefined if another holder has it. */
export async function claim(
  cloud: Cloud,
  place: ClaimPlace,
  name: string,
  holder: Holder,
): Promise<'taken' | 'own' | undefined> {
  const key = claimKey(place, name);
  const row: ClaimRow = { pk: place.pk, sk: key, version: randomInt(VERSIONS), holder };
  if (await cloud.table.put(row, 'absent')) return 'taken';
  const present = (await cloud.table.get(row)) as ClaimRow | undefined;
  if (!present) return (await cloud.table.put(row, 'absent')) ? 'taken' : undefined;
  if (isSameCreate(present.holder, holder)) return 'own';
  if (await isHeld(cloud, present.holder, (user) => uses(user, key))) return undefined;
  return (await cloud.table.put(row, { version: present.version })) ? 'taken' : undefined;
}

/** Releases a claim unless another holder has it by now. Makes it expire, because deletes cannot be conditional. */
export async function release(
  cloud: Cloud,
  pk: PartitionKey,
  key: string,
  holder: Pick<Holder, 'sk' | 'token'>,
): Promise<void> {
  const present = (await cloud.table.get({ pk, sk: key })) as ClaimRow | undefined;
  if (!present || present.holder.sk !== holder.sk || present.holder.token !== holder.token) return;
  await cloud.table.put({ ...present, version: randomInt(VERSIONS), expires: 1 }, { version: present.version });
}

/** The number of live claims on a resource, and the names of the stale ones. */
export async function claimsOn(
  cloud: Cloud,
  place: ClaimPlace,
): Promise<{ readonly live: number; readonly stale: string[] }> {
  const prefix = claimKey(place, '');
  const claims = (await allRows(cloud, place.pk, prefix)) as readonly ClaimRow[];
  const old = claims.filter(({ holder }) => !isInTheMaking(cloud, holder));
  const holders = await holdersOf(
    cloud,
    old.map(({ holder }) => holder),
  );
  const stale = old.filter(({ sk, holder }) => !uses(holders(holder), sk));
  return { live: claims.length - stale.length, stale: stale.map(({ sk }) => sk.slice(prefix.length)) };
}

/** Claims the lowest free address of a range, skipping `reserved`. Undefined if the range is full. */
export async function claimNextAddress(
  cloud: Cloud,
  place: ClaimPlace,
  range: Range,
  reserved: readonly string[],
  holder: Holder,
): Promise<string | undefined> {
  const prefix = claimKey(place, '');
  const taken = new Set(reserved);
  let after: string | undefined;
  do {
    const page = await cloud.table.queryKeys(place.pk, prefix, after);
    for (const sk of page.items) taken.add(sk.slice(prefix.length));
    after = page.next;
  } while (after !== undefined);
  for (const address of freeAddresses(range, taken)) if (await claim(cloud, place, address, holder)) return address;
  const { stale } = await claimsOn(cloud, place);
  for (const address of stale) if (await claim(cloud, place, address, holder)) return address;
  return undefined;
}
