/** Fields of the text renderings, as these tests write them. */
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';

export const SCHEME = 'http://schemas.ogf.org/occi/infrastructure#';

export type Field = readonly [name: string, value: string];

export const attribute = (name: string, value: string): Field => ['X-OCCI-Attribute', `${name}="${value}"`];

/** A mixin or an action by its type identifier. */
export const categoryField = (id: string, more: string): Field => {
  const cut = id.lastIndexOf('#') + 1;
  return ['Category', `${id.slice(cut)}; scheme="${id.slice(0, cut)}"${more}`];
};

export const kindField = (kind: KindTerm): Field => ['Category', `${kind}; scheme="${SCHEME}"; class="kind"`];

/** A mixin that a user defines. */
export const definition = (location: string, rel = ''): Field => [
  'Category',
  `new; scheme="http://example.org/tags#"; class="mixin"; location="${location}"${rel}`,
];

export const linkField = (target: string, kind: string, more = ''): Field => [
  'Link',
  `<${target}>; rel="${SCHEME}${kind}"; category="${SCHEME}networkinterface"${more}`,
];
