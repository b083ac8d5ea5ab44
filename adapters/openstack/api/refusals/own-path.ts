/** What a 404 means for what the calls were about: that it is not there only where its own path was called. */
import type { ClientError } from '../../../../lib/adapter/refusals.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Refusal } from '../refusal.ts';

/** Paths by which each kind has one of its entities. */
const OWN: { readonly [K in KindTerm]: RegExp } = {
  compute: /^compute servers\/\{\}(\/(action|metadata|os-volume_attachments))?$/,
  storage: /^volume volumes\/\{\}(\/(action|metadata))?$/,
  network: /^network networks\/\{\}$/,
  securitygroup: /^network security-groups\/\{\}(\/tags)?$/,
  ipreservation: /^network floatingips\/\{\}$/,
  networkinterface: /^(network ports|compute servers\/\{\}\/os-interface)\/\{\}$/,
  storagelink: /^compute servers\/\{\}\/os-volume_attachments\/\{\}$/,
  securitygrouplink: /^network ports\/\{\}$/,
};

const isKind = (kind: string): kind is KindTerm => Object.hasOwn(OWN, kind);

/** `found`, or what it means instead if the service has not looked for the entity itself. */
export function aboutOwnPath(found: ClientError, refusal: Refusal, kind: string): ClientError {
  const { service, path, lacksPath } = refusal;
  if (found.failure !== 'notFound' || path === undefined) return found;
  if (isKind(kind) && OWN[kind].test(`${service} ${path}`)) return found;
  return lacksPath
    ? { failure: 'notImplemented', message: `The ${service} service of this cloud cannot do this.` }
    : { failure: 'conflict', message: `A part of the ${kind} is gone, or was changed by another request: try again.` };
}
