/** Reads listings completely and sorts them, because EC2 sends them in pages and in no guaranteed order. */
import type * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { CallName, InputOf } from './call-types.ts';

/** One page of a paged call. */
interface NativePage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

type Paged = CallName &
  `Describe${'Instances' | 'Volumes' | 'Subnets' | 'NetworkInterfaces' | 'SecurityGroups' | 'Images'}`;

/** More pages than any account has. Stops a listing of a faulty EC2 that never ends. */
const MAX_PAGES = 1000;

/** All items of a listing, in EC2's order: 1 call per page of `settings.page`. An empty page need not be the last. */
export async function readAll<N extends Paged, T>(
  { ec2, settings }: Cloud,
  name: N,
  input: InputOf<N>,
  shape: z.ZodType<NativePage<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const paged = { ...input, MaxResults: settings.page, ...(next !== undefined && { NextToken: next }) };
    const answer: NativePage<T> = await ec2.call(name, paged as InputOf<N>, shape);
    for (const item of answer.items) all.push(item);
    if (answer.next === undefined) return all;
    next = answer.next;
  }
  throw new OcciError('unavailable', 'The cloud gave an answer that cannot be used.');
}

/** Sorts by id, which never changes: the order of everything without a better one. */
export const byId =
  <T>(idOf: (item: T) => string) =>
  (one: T, other: T): number => {
    const [a, b] = [idOf(one), idOf(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
