/** Titles and summaries of networks, reservations, groups and images: reading and changing them. */
import * as z from 'zod';
import type { Change } from '../../../lib/adapter/contract.ts';
import type { ResourceTerm } from '../../../lib/occi/kinds/index.ts';
import type { Call } from '../api/client.ts';
import { line, renamed, titleOf } from './naming.ts';
import { encodeTemplate } from './write.ts';

const TITLE = 'occi.core.title';
const SUMMARY = 'occi.core.summary';

/** Third parameter of `update`: whether attributes that the template omits are removed or kept. */
export const UPDATE = { replace: 0, append: 1 } as const;

/** The attributes of an object's template that hold its title and summary. */
interface Texts {
  readonly DESCRIPTION?: string | undefined;
  readonly OCCI_NAME?: string | undefined;
  readonly OCCI_TITLE?: string | undefined;
}

/** The attributes that are set; an empty one counts as absent. */
const present = ({ OCCI_NAME, OCCI_TITLE }: Texts): Readonly<Record<string, string>> => ({
  ...(OCCI_NAME && { OCCI_NAME }),
  ...(OCCI_TITLE && { OCCI_TITLE }),
});

/** Title and summary of an object, as OCCI's attributes. */
export function ourTexts(name: string, texts: Texts): { readonly [TITLE]?: string; readonly [SUMMARY]?: string } {
  const title = titleOf(name, present(texts));
  return {
    ...(title !== undefined && { [TITLE]: title }),
    ...(texts.DESCRIPTION && { [SUMMARY]: line(texts.DESCRIPTION) }),
  };
}

/**
 * A template that removes attributes and keeps all others. It is in text form, since oned drops empty XML elements
 * (measured on 6.10).
 */
export const removing = (names: readonly string[]): string => names.map((name) => `${name}=[]`).join('\n');

/** Calls that change title and summary, and keep all attributes that others have set. */
export function describing(
  object: 'vn' | 'secgroup' | 'image',
  kind: ResourceTerm,
  { ID, NAME, TEMPLATE }: { readonly ID: number; readonly NAME: string; readonly TEMPLATE: Texts },
  { set, unset }: Pick<Change, 'set' | 'unset'>,
): Call<number>[] {
  const calls: Call<number>[] = [];
  const update = (template: string) =>
    calls.push({ method: `one.${object}.update`, params: [ID, template, UPDATE.append], shape: z.int() });
  const [title, summary] = [set[TITLE] as string | undefined, set[SUMMARY] as string | undefined];
  const gone: string[] = [];
  if (title !== undefined || unset.includes(TITLE)) {
    const { name, attributes } = renamed(kind, title, { NAME, own: present(TEMPLATE) }, `${kind} ${ID}`);
    if (name !== NAME) calls.push({ method: `one.${object}.rename`, params: [ID, name], shape: z.int() });
    update(encodeTemplate({ ...attributes, ...(summary !== undefined && { DESCRIPTION: summary }) }));
    if (title === undefined) gone.push('OCCI_TITLE');
  } else if (summary !== undefined) update(encodeTemplate({ DESCRIPTION: summary }));
  if (summary === undefined && unset.includes(SUMMARY)) gone.push('DESCRIPTION');
  if (gone.length > 0) update(removing(gone));
  return calls;
}
