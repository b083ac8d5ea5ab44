/**
 * Keys, user data and host name: OCCI's two forms of each (INF-17, INF-18, EXT-1, EXT-2) as attributes of CONTEXT,
 * which the guest reads. Attributes that a request omits keep the VM template's values.
 * https://docs.opennebula.io/6.10/management_and_operations/references/template.html#context-section
 */
import {
  KEY_NAME,
  namesOf,
  PUBLIC_KEY,
  publicKeyOf,
  USER_DATA,
  userDataOf,
} from '../../../lib/adapter/contextualization.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import type { Vm } from '../native/index.ts';
import { line } from '../template/naming.ts';
import { cannotStoreInContext, EMPTY, type Template, type TemplateValue, type Vector } from '../template/template.ts';

const HOSTNAME = 'occi.compute.hostname';

/** The attributes that are kept in CONTEXT. */
export const CONTEXTUAL = [PUBLIC_KEY.ogf, PUBLIC_KEY.openstack, USER_DATA.ogf, USER_DATA.openstack, HOSTNAME] as const;

const textOf = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

/** Throws `invalid` naming the OCCI attribute, since clients do not know the names in `CONTEXT`. */
function requireStorable(name: string, value: string | undefined): void {
  const why = value === undefined ? undefined : cannotStoreInContext(value);
  if (why !== undefined) throw new OcciError('invalid', `The attribute ${name} ${why}, which OpenNebula cannot keep.`);
}

/**
 * The CONTEXT for a draft, undefined if empty, and our attributes beside it. User data is stored as base64;
 * `OCCI_USER_DATA` records that it came as text.
 */
export function contextOf(attributes: Attributes): { readonly context?: Vector; readonly beside: Template } {
  const key = publicKeyOf(attributes)?.text;
  const data = userDataOf(attributes);
  const plain = textOf(attributes, USER_DATA.ogf);
  const encoded = textOf(attributes, USER_DATA.openstack) ?? (data?.isText ? data.bytes.toString('base64') : plain);
  const hostname = textOf(attributes, HOSTNAME);
  for (const name of [PUBLIC_KEY.ogf, PUBLIC_KEY.openstack, USER_DATA.openstack, HOSTNAME])
    requireStorable(name, textOf(attributes, name));
  if (plain !== undefined) requireStorable(USER_DATA.ogf, encoded);
  const context: Vector = {
    ...(key !== undefined && { SSH_PUBLIC_KEY: key }),
    ...(encoded !== undefined && { USER_DATA: encoded, USERDATA_ENCODING: 'base64' }),
    ...(hostname !== undefined && { SET_HOSTNAME: hostname }),
  };
  const beside: Template = {
    OCCI_KEY_NAME: textOf(attributes, KEY_NAME),
    OCCI_USER_DATA: data?.isText ? 'TEXT' : undefined,
  };
  return { ...(Object.keys(context).length > 0 && { context }), beside };
}

/** The CONTEXT entries to empty when these attributes are removed. */
export function emptiedContext(unset: readonly string[]): Vector {
  const lacks = (form: { readonly ogf: string; readonly openstack: string }): boolean =>
    unset.includes(form.ogf) || unset.includes(form.openstack);
  const names = [
    ...(lacks(PUBLIC_KEY) ? ['SSH_PUBLIC_KEY'] : []),
    ...(lacks(USER_DATA) ? ['USER_DATA', 'USERDATA_ENCODING'] : []),
    ...(unset.includes(HOSTNAME) ? ['SET_HOSTNAME'] : []),
  ];
  return Object.fromEntries(names.map((name): [string, TemplateValue] => [name, EMPTY]));
}

/** Our attributes beside CONTEXT that become outdated by this change. */
export const emptiedBeside = (set: Attributes, unset: readonly string[]): readonly string[] => [
  ...(unset.includes(KEY_NAME) ? ['OCCI_KEY_NAME'] : []),
  ...(namesOf(USER_DATA).some((name) => unset.includes(name) || set[name] !== undefined) ? ['OCCI_USER_DATA'] : []),
];

/** The attributes that a machine's CONTEXT provides for its mixins. */
export function contextAttributes({ TEMPLATE: { CONTEXT }, USER_TEMPLATE }: Vm, mixins: readonly string[]): Attributes {
  const attributes: Record<string, string> = {};
  const put = (name: string, value: string | undefined) => {
    if (value !== undefined) attributes[name] = value;
  };
  const has = (id: string) => mixins.includes(id);
  const oneLine = (text: string | undefined) => (text ? line(text) : undefined);
  const key = oneLine(CONTEXT.SSH_PUBLIC_KEY);
  put(HOSTNAME, oneLine(CONTEXT.SET_HOSTNAME));
  if (has('http://schemas.ogf.org/occi/infrastructure/credentials#ssh_key')) put(PUBLIC_KEY.ogf, key);
  if (has('http://schemas.openstack.org/instance/credentials#public_key')) {
    put(PUBLIC_KEY.openstack, key);
    put(KEY_NAME, oneLine(USER_TEMPLATE.OCCI_KEY_NAME));
  }
  const data = CONTEXT.USER_DATA;
  if (has('http://schemas.ogf.org/occi/infrastructure/compute#user_data')) {
    const asText = USER_TEMPLATE.OCCI_USER_DATA === 'TEXT' && data !== undefined;
    put(USER_DATA.ogf, asText ? Buffer.from(data, 'base64').toString() : data);
  }
  if (has('http://schemas.openstack.org/compute/instance#user_data')) put(USER_DATA.openstack, data);
  return attributes;
}
