/** Templates made of client input: an error for a value that OpenNebula cannot keep names the OCCI attribute. */
import { OcciError } from '../../../lib/errors.ts';
import { CannotStore, type Template, writeTemplate } from './template.ts';

/** OCCI attributes, by their path in a template. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  OCCI_TITLE: 'occi.core.title',
  DESCRIPTION: 'occi.core.summary',
  'CONTEXT/SET_HOSTNAME': 'occi.compute.hostname',
  'CONTEXT/SSH_PUBLIC_KEY': 'of the public key',
  'CONTEXT/USER_DATA': 'of the user data',
  OCCI_KEY_NAME: 'org.openstack.credentials.publickey.name',
  'NIC/IP': 'occi.networkinterface.address',
  'NIC/MAC': 'occi.networkinterface.mac',
  'DISK/TARGET': 'occi.storagelink.deviceid',
  OCCI_LABEL: 'occi.network.label',
};

/** Encodes a template for oned. Throws `invalid` naming the attribute that oned cannot keep. */
export function encodeTemplate(template: Template): string {
  try {
    return writeTemplate(template);
  } catch (cause) {
    if (!(cause instanceof CannotStore)) throw cause;
    const name = Object.hasOwn(ATTRIBUTES, cause.attribute) ? ATTRIBUTES[cause.attribute] : cause.attribute;
    const message = `The attribute ${name} ${cause.reason}, which OpenNebula cannot keep.`;
    throw new OcciError('invalid', message, { cause });
  }
}
