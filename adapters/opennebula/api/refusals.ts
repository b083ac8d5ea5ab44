/**
 * RULES: translates OpenNebula's refusal messages into failures; the first match wins. The code says little (512 is
 * also a quota, 8192 is mostly a mistake of the client), so each rule goes by the sentence; what no rule knows goes by
 * the code (`errors.ts`). Sentences are those of 6.10 as recorded, and were the same from 5.4 to 7.4 where the sources
 * say so.
 */
import { always, type ClientError, type RefusalRule } from '../../../lib/adapter/refusals.ts';
import { MISSING, tellMissing } from '../network/drivers.ts';
import { passesByName } from '../states.ts';
import { sentence } from './client-text.ts';

/** OpenNebula's names of its objects: what OCCI calls them, and the kinds that are one of them or live in one. */
const OBJECTS: readonly { readonly names: RegExp; readonly term: string; readonly kinds: readonly string[] }[] = [
  {
    names: /^(vm|virtual machine)$/i,
    term: 'compute',
    kinds: ['compute', 'networkinterface', 'storagelink', 'securitygrouplink'],
  },
  { names: /^image$/i, term: 'storage', kinds: ['storage'] },
  { names: /^(net|vnet|network|virtual network( pool\.?)?)$/i, term: 'network', kinds: ['network', 'ipreservation'] },
  { names: /^(secgroup|security group)$/i, term: 'securitygroup', kinds: ['securitygroup'] },
  { names: /^(template|virtual machine template)$/i, term: 'OS template', kinds: ['os_tpl', 'OS template'] },
  { names: /^cluster$/i, term: 'availability zone', kinds: ['availability_zone'] },
];

/** OCCI attributes by the names of OpenNebula that its sentences have. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  CPU: 'occi.compute.speed',
  VCPU: 'occi.compute.cores',
  MEMORY: 'occi.compute.memory',
  SIZE: 'occi.storage.size',
};

/**
 * The target itself is not there, which looks the same when it is another's; or something that the request names is
 * not. `otherwise` is for what no request can name: datastores, hosts.
 */
function missing(name: string, what: string, otherwise: ClientError): ClientError {
  const object = OBJECTS.find(({ names }) => names.test(name.trim()));
  if (!object) return otherwise;
  if (object.kinds.includes(what)) return { failure: 'notFound', message: `There is no such ${what}.` };
  return { failure: 'invalid', message: `There is no such ${object.term}, or it may not be used.` };
}

/** The kind whose state the message names: for a link, its compute. */
const holder = (what: string): string => (/link$|^networkinterface$/.test(what) ? 'compute' : what);

/** A refusal because of a state, by its name; one that passes by itself says when to try again. */
const inState = (message: string, state: string | undefined): ClientError => ({
  failure: 'conflict',
  message,
  retryAfterSeconds: passesByName(state ?? ''),
});

const NOT_PERMITTED: ClientError = { failure: 'forbidden', message: 'The provider does not permit this.' };
const NOT_THERE: ClientError = {
  failure: 'internal',
  message: "The provider's configuration names a resource that does not exist.",
};

export const RULES: readonly RefusalRule[] = [
  // Quotas: 512, but 2048 when a resume finds it.
  {
    when: /limit of .+ reached for .+ quota/i,
    as: (_match, _what, all) => ({ failure: 'forbidden', message: sentence(all) }),
  },
  {
    when: /\bquota\b.*\b(exceeded|limit)|\b(exceeds?|over) .*\bquota/i,
    as: (_match, _what, all) => ({ failure: 'forbidden', message: sentence(all) }),
  },
  {
    when: /restricted attribute (\w+)/i,
    as: ([, attribute]) => ({
      failure: 'forbidden',
      message: `Only the provider may set the attribute ${attribute}.`,
    }),
  },
  // An object that the caller may not use is reported as one that does not exist.
  { when: /Not authorized to perform USE (\w+)/, as: ([, object], what) => missing(object!, what, NOT_PERMITTED) },
  {
    when: /Not authorized to perform CREATE/,
    as: (_match, what) => ({
      failure: 'forbidden',
      message: `The provider does not permit you to create a ${what}.`,
    }),
  },
  {
    when: /Not authorized to perform (MANAGE|ADMIN)/,
    as: (_match, what) => ({
      failure: 'forbidden',
      message: `The provider does not permit you to do this to the ${what}.`,
    }),
  },

  // A referenced object does not exist.
  { when: /Error getting ([a-z ]+?)(?: \[-?\d+\])?\.?$/i, as: ([, object], what) => missing(object!, what, NOT_THERE) },
  {
    when: /(Image|Virtual network|Security group|Template) with (?:ID|NAME).*does not exist/i,
    as: ([, object], what) => missing(object!, what, NOT_THERE),
  },
  { when: /does not own an? (network|image) with name/i, as: ([, object], what) => missing(object!, what, NOT_THERE) },
  {
    when: /Could not detach .*does not exist/i,
    as: (_match, what) => ({ failure: 'notFound', message: `There is no such ${what}.` }),
  },
  {
    when: /(Could not (revert|delete).*snapshot|snapshot id .*not valid)/i,
    as: always('notFound', 'There is no such snapshot.'),
  },
  { when: /DISK does not exist|disk .*does not exist/i, as: always('notFound', 'There is no such disk.') },

  {
    when: /SG does not exist/i,
    as: () => ({ failure: 'invalid', message: 'There is no such securitygroup, or it may not be used.' }),
  },
  {
    when: /doesn't contain SG/i,
    as: (_match, what) => ({ failure: 'notFound', message: `There is no such ${what}.` }),
  },

  // The object is in the wrong state; one that is DONE no longer exists.
  { when: /\bstate:? DONE\b/, as: (_match, what) => ({ failure: 'notFound', message: `There is no such ${what}.` }) },
  {
    when: /not available for state (\w+)/i,
    as: ([, state], what) =>
      inState(`The action does not apply while the ${holder(what)} is in the state ${state}.`, state),
  },
  {
    when: /Cannot acquire image.*in state:? (\w+)/i,
    as: ([, state]) => ({
      failure: 'conflict',
      message: `The storage is in the state ${state} and cannot be used now.`,
    }),
  },
  {
    when: /\b(?:in|is in|be in) (?:the )?state:? ([A-Z_]{3,})/,
    as: ([, state], what) => inState(`This cannot be done while the ${holder(what)} is in the state ${state}.`, state),
  },
  {
    when: /(?:wrong|invalid) state (\w*)/i,
    as: ([, state], what) =>
      inState(`This cannot be done while the ${holder(what)} is in the state ${state || 'that it has'}.`, state),
  },
  {
    when: /Action ".*" is not supported/i,
    as: always('notImplemented', 'This release of OpenNebula does not have the action.'),
  },
  {
    when: /\block(ed)?\b/i,
    as: (_match, what) => ({ failure: 'conflict', message: `The ${what} is locked; try again later.` }),
  },

  {
    when: /not running in any host|has to be RUNNING/i,
    as: (_match, what) => ({
      failure: 'conflict',
      message: `The ${holder(what)} is in a state in which this cannot be done.`,
    }),
  },

  // The object is in use.
  {
    when: /active clone operations/i,
    as: (_match, what) => ({ failure: 'conflict', message: `The ${what} is being copied.` }),
  },
  { when: /SG \d+ already in/i, as: always('conflict', 'The securitygroup is attached already.') },
  {
    when: /There are (\d+) VMs using it/i,
    as: ([, count], what) => ({
      failure: 'conflict',
      message: `The ${what} is used by ${count} compute ${count === '1' ? 'resource' : 'resources'}.`,
    }),
  },
  {
    when: /has VMs using it|leases in use|is in use|in use by/i,
    as: (_match, what) => ({ failure: 'conflict', message: `The ${what} is in use.` }),
  },
  {
    when: /persistent and already in use|already (?:being )?used/i,
    as: always('conflict', 'The storage is in use and cannot be used twice.'),
  },
  {
    when: /NAME is already taken|because it collides with/i,
    as: (_match, what) => ({ failure: 'conflict', message: `Another ${what} of yours has this title.` }),
  },

  // Out of addresses or capacity.
  {
    when: /Cannot get IP\/MAC lease|not part of the address range or in use/i,
    as: always('conflict', 'The network has no free address, or the address that was asked for is not free.'),
  },
  { when: /Not enough free addresses/i, as: always('conflict', 'There are not enough free addresses.') },
  {
    when: /Not enough (space|capacity|CPU|memory)/i,
    as: always('conflict', 'The provider has not enough capacity left.'),
  },

  // Invalid values.
  // The rest of this message quotes a whole CONTEXT, keys and user data included.
  { when: /Error parsing:/i, as: always('invalid', 'A value has a $ that the cloud would take for a variable.') },
  { when: /SIZE of .* is less than the image/i, as: always('invalid', 'The size is less than that of the image.') },
  {
    when: /Invalid NAME, char '(.)' is not allowed/i,
    as: ([, character]) => ({
      failure: 'invalid',
      message: `The title cannot have the character ${character} in this cloud.`,
    }),
  },
  { when: /Invalid NAME/i, as: always('invalid', 'The title is empty or too long for this cloud.') },
  { when: /disk size has to be greater/i, as: always('invalid', 'A storage can only grow.') },
  { when: /Reservation SIZE/i, as: always('invalid', 'The number of addresses must be positive.') },
  { when: /(?:parse image|Disk) SIZE|missing SIZE/i, as: always('invalid', 'The size is missing or not possible.') },
  {
    when: /\b(VCPU|CPU|MEMORY|SIZE)\b.* must be a? ?positive/i,
    as: ([, attribute]) => ({
      failure: 'invalid',
      message: `${ATTRIBUTES[attribute!]} must be greater than zero.`,
    }),
  },
  {
    when: /Invalid RANGE|RANGE is supported only|Wrong (?:PROTOCOL|RULE_TYPE|RANGE|ICMP_TYPE)|in rule\b/i,
    as: (_match, _what, all) => ({
      failure: 'invalid',
      message: `A rule is not possible: ${sentence(all.replace('Cannot update template. ', ''))}`,
    }),
  },
  { when: MISSING, as: (match) => ({ failure: 'notImplemented', message: tellMissing(match) }) },
  { when: /Unknown type/i, as: always('invalid', 'The storage is of a type that this cloud does not have.') },

  // We sent something wrong; the user cannot fix it.
  {
    when: /Parse error|Template malformed|Error transforming|not supported by the SQL backend/i,
    as: always('internal', 'The request could not be translated for the cloud.'),
  },
];
