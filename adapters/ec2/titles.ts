/** Titles are stored in the `Name` tag. */

import * as z from 'zod';
import type { Change, NativeId } from '../../lib/adapter/contract.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import { translateErrors } from './api/errors.ts';
import { type Cloud, TAG } from './cloud.ts';
import type { Tag } from './native/index.ts';

const TITLE = 'occi.core.title';

/** Applies a change to the title: 1 call, or no call if it stays. Resolves to the new tags. */
export async function retitle(
  { ec2 }: Cloud,
  kind: KindTerm,
  { id, tags }: { readonly id: NativeId; readonly tags: readonly Tag[] },
  { set, unset }: Pick<Change, 'set' | 'unset'>,
): Promise<Tag[]> {
  const title = set[TITLE];
  const others = tags.filter(({ Key }) => Key !== TAG.title);
  if (typeof title === 'string') {
    const tag = { Key: TAG.title, Value: title };
    await translateErrors(kind, () => ec2.call('CreateTags', { Resources: [id], Tags: [tag] }, z.unknown()));
    return [...others, tag];
  }
  if (!unset.includes(TITLE) || others.length === tags.length) return [...tags];
  await translateErrors(kind, () =>
    ec2.call('DeleteTags', { Resources: [id], Tags: [{ Key: TAG.title }] }, z.unknown()),
  );
  return others;
}
