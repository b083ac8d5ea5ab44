/** Listings: pages are how EC2 sends them, and their order is nobody's; here they are whole and in one order. */
import type * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import type { CallName, InputOf } from './call-types.ts';

/** One page of a call that has pages. */
export interface NativePage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

type Paged = CallName &
  `Describe${'Instances' | 'Volumes' | 'Subnets' | 'NetworkInterfaces' | 'SecurityGroups' | 'Images'}`;

/** More pages than any account fills: EC2 that never ends is out of order. */
const MOST = 1000;

/** All that a call lists, in EC2's order: one native call per page of `settings.page`. An empty page need not be the last. */
export async function readAll<N extends Paged, T>(
  { ec2, settings }: Cloud,
  name: N,
  input: InputOf<N>,
  shape: z.ZodType<NativePage<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST; page++) {
    const paged = { ...input, MaxResults: settings.page, ...(next !== undefined && { NextToken: next }) };
    const answer: NativePage<T> = await ec2.call(name, paged as InputOf<N>, shape);
    for (const item of answer.items) all.push(item);
    if (answer.next === undefined) return all;
    next = answer.next;
  }
  throw new OcciError('unavailable', 'The cloud gave an answer that cannot be used.');
}

/** Ids have no meaning but are for ever: the order of everything that has no better one. */
export const byId =
  <T>(idOf: (item: T) => string) =>
  (one: T, other: T): number => {
    const [a, b] = [idOf(one), idOf(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
