/** Nova's sentences as failures. They hold ids, schemas and what the client sent, so none of them is passed on. */
import { always, type ClientError, type RefusalRule } from '../../../../lib/adapter/refusals.ts';
import { clientText } from '../client-text.ts';

/** A state that a task leaves by itself. */
const PASSING_SECONDS = 5;

/** What Nova calls its limits, for readers. */
const RESOURCES: Readonly<Record<string, string>> = {
  instances: 'computes',
  cores: 'cores',
  ram: 'MiB of memory',
  server_groups: 'server groups',
  server_group_members: 'members of a server group',
};

/** `Quota exceeded for cores, ram: Requested 64, 262144, but already used 1, 512 of 40, 102400 cores, ram` */
function quota([, names = '', requested = '', used = '', limits = '']: readonly string[]): ClientError {
  const [asked, present, most] = [requested, used, limits].map((list) => list.match(/-?\d+/g) ?? []);
  const told = names.split(/, */).map((name, at) => {
    const [more, now, limit] = [asked?.[at], present?.[at], most?.[at]];
    const what = RESOURCES[name] ?? name;
    return limit === undefined ? what : `${what} (${more} more, and ${now} of ${limit} are in use)`;
  });
  return { failure: 'conflict', message: `The quota of the project is exceeded: ${told.join(', ')}.` };
}

const QUOTA = 'The quota of the project is exceeded';

/** The attribute that Nova's name of a field stands for. */
const FIELDS: Readonly<Record<string, string>> = {
  name: 'occi.core.title',
  description: 'occi.core.summary',
  hostname: 'occi.compute.hostname',
  user_data: 'the user data',
  key_name: 'org.openstack.credentials.publickey.name',
  imageRef: 'the OS template',
  flavorRef: 'the size (resource_tpl)',
  flavor_id: 'the size (resource_tpl)',
  availability_zone: 'the availability zone',
  fixed_ip: 'occi.networkinterface.address',
  device: 'occi.storagelink.deviceid',
};

/** The end of a link that is not there: the fault of the request, unless it is what the call is about. */
const missing =
  (what: string) =>
  (_match: readonly string[], kind: string): ClientError => ({
    failure: kind === what ? 'notFound' : 'invalid',
    message: `There is no such ${what}.`,
  });

export const COMPUTE: readonly RefusalRule[] = [
  // Rights and quotas share the status 403.
  {
    when: /^403 \S* Quota exceeded for ([\w, ]+): Requested ([\d, -]+), but already used ([\d, -]+) of ([\d, -]+)/,
    as: quota,
  },
  {
    when: /^403 \S* .*\bkey pairs?\b/i,
    as: always('conflict', `${QUOTA}: the user has no room for another public key.`),
  },
  {
    when: /^403 \S* Maximum number of (metadata items|fixed IPs|ports|[\w ]{1,40}?)\b/i,
    as: ([, what]) => ({ failure: 'conflict', message: `${QUOTA}: there is no room for more ${what}.` }),
  },
  { when: /^403 \S* (?:Quota|Limit) ?(?:exceeded|reached)/i, as: always('conflict', `${QUOTA}.`) },
  {
    when: /^403 \S* Only volume-backed servers are allowed for flavors with zero disk/,
    as: always('invalid', 'Computes of this size (resource_tpl) have no disk in this cloud: choose another size.'),
  },
  {
    when: /^403 \S* It is not allowed to create an interface on external network/,
    as: always(
      'forbidden',
      'The network is external: link to a network of the project, and reserve an address instead.',
    ),
  },
  // Until a host has a server, Nova looks it up without regard to the project: a stranger's is 403 for a second, and then 404.
  { when: /^403 \S* Policy doesn't allow os_compute_api:servers:show\b/, as: missing('compute') },
  {
    when: /^403 \S* Policy doesn't allow/,
    as: always('forbidden', 'The role of the caller in the project does not permit this.'),
  },

  // States. `task_state` passes by itself, `vm_state` does not.
  {
    when: /^409 \S* Cannot '[\w ]+' instance \S+ while it is in task_state ([\w-]+)/,
    as: ([, state], kind) => ({
      failure: 'conflict',
      message: `The ${kind === 'compute' ? 'compute' : `compute of the ${kind}`} is busy (${state?.replace(/[_-]/g, ' ')}); try again later.`,
      retryAfterSeconds: PASSING_SECONDS,
    }),
  },
  {
    when: /^409 \S* Cannot '[\w ]+' instance \S+ while it is in vm_state ([\w-]+)/,
    as: ([, state]) => ({
      failure: 'conflict',
      message: `The compute is ${state?.replace(/[_-]/g, ' ')}, and cannot do this now.`,
    }),
  },
  {
    when: /^409 \S* Instance \S+ (?:is not ready|in launched_at)/,
    as: always('conflict', 'The compute is not ready for this: it is still being built, shelved, or failed.'),
  },
  {
    when: /^409 \S* Instance \S+ is locked/,
    as: always('conflict', 'The compute is locked: its owner must unlock it first.'),
  },
  {
    when: /^409 \S* Port \S+ is still in use/,
    as: always('conflict', 'The networkinterface belongs to another compute already.'),
  },
  {
    when: /^(?:409|400) \S* (?:Fixed IP|Fixed IP address)? ?(\S+) is already (?:in use|allocated)/,
    as: always('conflict', 'The address (occi.networkinterface.address) is in use already.'),
  },
  {
    when: /^409 \S* Multiple possible networks found/,
    as: always('conflict', 'The project has several networks: link the compute to one of them.'),
  },
  {
    when: /^409 \S* Key pair '.*' already exists/,
    as: always('conflict', 'The user has a public key of that name already.'),
  },

  // What is not there, or is not as it must be. Another project's things look the same.
  { when: /^40[04] \S* Flavor \S+ could not be found/, as: always('invalid', 'There is no such size (resource_tpl).') },
  { when: /^400 \S* Can not find requested image/, as: always('invalid', 'There is no such OS template.') },
  {
    when: /^400 \S* Image \S+ is not active/,
    as: () => ({
      failure: 'conflict',
      message: 'The OS template is not ready yet; try again later.',
      retryAfterSeconds: PASSING_SECONDS,
    }),
  },
  {
    when: /^400 \S* Image \S+ (?:could not be found|is unacceptable|[Nn]ot authorized)/,
    as: always('invalid', 'The OS template cannot be used for a compute.'),
  },
  {
    when: /^400 \S* Flavor's (memory|disk) is (?:too small|smaller)/,
    as: ([, what]) => ({
      failure: 'invalid',
      message: `The size (resource_tpl) has less ${what} than the OS template needs: choose a larger one.`,
    }),
  },
  {
    when: /^400 \S* Invalid key_name provided/,
    as: always('invalid', `The user has no public key of that name (${FIELDS.key_name}).`),
  },
  {
    when: /^400 \S* Keypair data is invalid/,
    as: always('invalid', 'The public key is not one that this cloud accepts.'),
  },
  {
    when: /^400 \S* The requested availability zone is not available/,
    as: always('invalid', 'There is no such availability zone.'),
  },
  { when: /^40[04] \S* Network \S+ could not be found/, as: missing('network') },
  { when: /^40[04] \S* Port (?:id )?\S+ could not be found/, as: missing('networkinterface') },
  { when: /^40[04] \S* Volume \S+ could not be found/, as: missing('storage') },
  {
    when: /^40[04] \S* (?:Unable to find security_group|Security group \S+ (?:is )?not found)/,
    as: missing('securitygroup'),
  },
  {
    when: /^400 \S* Fixed IP address \S+ is not a valid|^400 \S* \S+ is not a valid IP address|^400 \S* Fixed IP not found/,
    as: always('invalid', 'The address (occi.networkinterface.address) is not one of the network.'),
  },
  {
    when: /^400 \S* When resizing, instances must change flavor/,
    as: always('conflict', 'The compute has this size already.'),
  },
  {
    when: /^400 \S* Resize to zero disk flavor is not allowed/,
    as: always('invalid', 'The compute cannot get this size: it has no disk in this cloud.'),
  },
  {
    when: /^400 \S* (?:User data too large|Failed to decode user_data|User data needs to be valid base)/i,
    as: always('invalid', 'The user data is not base64, or too long for this cloud.'),
  },
  {
    when: /^400 \S* marker \[/,
    as: always('invalid', 'The page that was asked for is gone: read the collection from its start.'),
  },
  {
    when: /^400 \S* An invalid 'name' value was provided/,
    as: always('invalid', `The value of ${FIELDS.name} is no name that this cloud accepts.`),
  },
  {
    when: /^400 \S* Invalid input for field\/attribute (\w+)\./,
    as: ([, field = '']) => ({
      failure: 'invalid',
      message:
        FIELDS[field] === undefined
          ? 'The cloud does not accept the request as it is.'
          : `The cloud does not accept the value of ${FIELDS[field]}.`,
    }),
  },
  {
    when: /^400 \S* Malformed request URL/,
    as: always('unavailable', 'The catalogue of the cloud does not fit the login; tell the provider.'),
  },

  // Nova has looked for something else than what the call is about.
  { when: /^404 \S* Instance \S* ?could not be found|^404 \S* Instance could not be found/, as: missing('compute') },
  { when: /^413 /, as: (_match, _kind, text) => ({ failure: 'tooLarge', message: tooLarge(text) }) },
];

/** Nova's message is a template that it does not fill in; older ones say which limit was hit. */
function tooLarge(text: string): string {
  const said = clientText(text.replace(/^413 \S* ?/, ''));
  return /quota|limit/i.test(said) ? `${QUOTA}.` : 'The request is too large for the cloud: send less user data.';
}
