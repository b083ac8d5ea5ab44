/** Every code that EC2 is known to refuse with, from its answer over HTTP to the failure that a client sees. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connections, type Ec2, ec2 } from '../../../../adapters/ec2/api/client.ts';
import { ACTION_CODES } from '../../../../adapters/ec2/api/error-codes/actions.ts';
import { COMMON_CODES } from '../../../../adapters/ec2/api/error-codes/any-action.ts';
import { SERVER_CODES } from '../../../../adapters/ec2/api/error-codes/server.ts';
import { FORMER_CODES, OTHER_CODES, THROTTLING_CODES } from '../../../../adapters/ec2/api/error-codes/unlisted.ts';
import { toOcciError } from '../../../../adapters/ec2/api/errors.ts';
import { ELSEWHERE } from '../../../../adapters/ec2/api/refusals/elsewhere.ts';
import { MACHINES } from '../../../../adapters/ec2/api/refusals/machines.ts';
import { NETWORKS } from '../../../../adapters/ec2/api/refusals/networks.ts';
import { REQUESTS } from '../../../../adapters/ec2/api/refusals/requests.ts';
import { VOLUMES } from '../../../../adapters/ec2/api/refusals/volumes.ts';
import { settings } from '../../../../adapters/ec2/config.ts';
import { instances, volume } from '../../../../adapters/ec2/native/index.ts';
import type { Failure, OcciError } from '../../../../lib/errors.ts';
import { KIND_TERMS } from '../../../../lib/occi/kinds/index.ts';
import { type Ec2Server, ec2Server, refuse } from '../ec2-server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const CODES = [
  ...new Set<string>([
    ...COMMON_CODES,
    ...ACTION_CODES,
    ...SERVER_CODES,
    ...FORMER_CODES,
    ...OTHER_CODES,
    ...THROTTLING_CODES,
  ]),
];

/** What EC2 writes into a message, and a client must not read. */
const SECRET = 'arn:aws:ec2:us-east-1:123456789012:volume/vol-0123456789abcdef0 of i-0123456789abcdef0';

/** The server refuses the next call with this. */
let next = { code: '', status: 400 };
let server: Ec2Server;
let of: Ec2;
beforeAll(async () => {
  server = await ec2Server((response, call) => refuse(next.code, SECRET, next.status)(response, call));
  const { endpoint } = server;
  const configured = settings.parse({ region: 'us-east-1', endpoint, attempts: 1 });
  of = ec2(connections(configured), { role: undefined, deadline: Date.now() + 600_000, onCall: undefined });
});
afterAll(() => server.stop());

const statusOf = (code: string): number =>
  (SERVER_CODES as readonly string[]).includes(code) || code === 'EC2ThrottledException' ? 503 : 400;

/** The failure of a call that changes something. */
async function refused(code: string, kind: string): Promise<OcciError> {
  next = { code, status: statusOf(code) };
  const input = { AvailabilityZone: 'us-east-1a', Size: 1, ClientToken: 'a-token' };
  const error = await of.call('CreateVolume', input, volume).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return toOcciError(error, kind);
}

/** Codes of what our own calls or the provider's settings have wrong: no client can mend it, and operators are alarmed. */
const OURS =
  /^(DryRunOperation|FilterLimitExceeded|InvalidAction|InvalidClientToken|InvalidFilter|InvalidMaxResults|InvalidQueryParameter|InvalidResourceType\.Unknown|InvalidServiceName|InvalidTagKey\.Malformed|InvalidUserID\.Malformed|MalformedQueryString|MissingAction|NoSuchVersion|UnsupportedProtocol)$/;
const CONFIGURED =
  /^(DefaultVpcDoesNotExist|MissingInput|VPCIdNotSpecified|VPCResourceNotSpecified|InvalidVpcI[dD]\..+|InvalidHostI[dD].*|InvalidIamInstanceProfileArn\..+|InvalidPlacementGroup(\.Unknown|Id\..+)|InvalidCapacityReservationId.+|InvalidLaunchTemplate(Id|Name)\.(?!AlreadyExists).+)$/;
const FORBIDDEN =
  /^(Access|AccountDisabled|AuthFailure|Blocked|CannotDelete|DeclarativePolicies|Expired|IncompleteSignature|InvalidClientTokenId|InvalidSecurity\.|InvalidSignature|MissingAuthentication|OptIn|PendingVerification|Request(Expired|InThe|TimeToo)|Signature|TagPolicy|Unauthorized|UnrecognizedClient)|DifferentAccount$|PermissionIssue$/;
const LATER =
  /Throttl|^Insufficient\w*Capacity|^InsufficientCapacityOnHost|^(BandwidthLimitExceeded|BundlingInProgress|Concurrent\w+|CreditSpecificationUpdateInProgress|Internal\w+|InvalidLaunchTargets|InvalidNextToken|InvalidPaginationToken|IncompatibleHostRequirements|UnavailableHostRequirements|MaxScheduledInstanceCapacityExceeded|PendingSnapshotLimitExceeded|PriorRequestNotComplete|RequestLimitExceeded|ReservationCapacityExceeded|ReservedInstancesUnavailable|RetryableError|ScheduledInstanceSlotUnavailable|ServerInternal|ServiceUnavailable|SlowDown|SnapshotCreationPerVolumeRateExceeded|TooManyRequestsException|Unavailable|UnfulfillableCapacity)$/;

/** What a client must see of a code, told from its name. */
function expected(code: string): readonly Failure[] {
  if (OURS.test(code) || CONFIGURED.test(code)) return ['internal'];
  if (FORBIDDEN.test(code)) return ['forbidden'];
  if (LATER.test(code)) return ['unavailable'];
  if (/LimitExceeded|CountExceeded|InUse|Duplicate(?!InstanceId)|Conflict$|^Incorrect|AlreadyAss/.test(code))
    return ['conflict'];
  return ['invalid', 'notFound', 'conflict'];
}

describe('Of the codes that EC2 refuses with', () => {
  test('there are as many as its page has, and each has one row', () => {
    // 28 common ones, 376 of single actions, 13 of the server.
    expect([COMMON_CODES.length, ACTION_CODES.length, SERVER_CODES.length]).toEqual([28, 376, 13]);
    const rows = [REQUESTS, MACHINES, VOLUMES, NETWORKS, ELSEWHERE].flatMap((family) => Object.keys(family));
    expect([...rows].sort()).toEqual([...CODES].sort());
  });

  test('each becomes the failure that its name asks for, with a sentence without native ids', async () => {
    for (const code of CODES) {
      const { failure, message, headers, unknownOutcome } = await refused(code, 'storage');
      expect([code, failure]).toEqual([code, expect.stringMatching(`^(${expected(code).join('|')})$`)]);
      expect(message).toMatch(/^[A-Z].*\.$/);
      expect(message).not.toMatch(/arn:|\d{12}|\b(i|vol|sg|eni|subnet|ami)-|AWS|EC2/);
      expect([code, headers['Retry-After'] !== undefined]).toEqual([code, failure === 'unavailable']);
      // EC2 does not say of its own failures whether it has carried the call out.
      const isUnsure = /^(InternalError|InternalFailure|ServerInternal|Unavailable|ServiceUnavailable)$/.test(code);
      expect([code, unknownOutcome]).toEqual([code, isUnsure]);
    }
  });

  test('none names a kind that it is not about', async () => {
    for (const kind of KIND_TERMS) {
      const { message } = await refused('DependencyViolation', kind);
      expect(message).toBe(`The ${kind} is in use.`);
    }
  });
});

const BY_VALUE: readonly [code: string, kind: string, status: number, message: string][] = [
  [
    'IdempotentInstanceTerminated',
    'compute',
    409,
    'The compute that was created under the token of this request has been deleted; use a new token.',
  ],
  ['ConcurrentTagAccess', 'storage', 503, 'The cloud is still changing the storage; try again later.'],
  ['InvalidNextToken', 'compute', 503, 'The listing ended before all of it was read; try again.'],
  ['InvalidPaginationToken', 'compute', 503, 'The listing ended before all of it was read; try again.'],
  [
    'ReservationCapacityExceeded',
    'compute',
    503,
    'The cloud has no capacity for such a compute at the moment; try another size or zone, or try again later.',
  ],
  [
    'EncryptedVolumesNotSupported',
    'storagelink',
    409,
    'A compute of this size (resource_tpl) can have no encrypted storage; try another size.',
  ],
  [
    'InvalidDevice.InUse',
    'storagelink',
    409,
    'The device (occi.storagelink.deviceid) is used by another storage; choose another.',
  ],
  ['InvalidVolumeID.ZoneMismatch', 'storagelink', 409, 'The storage and the compute are in different zones.'],
  [
    'Resource.AlreadyAssigned',
    'networkinterface',
    409,
    'The address (occi.networkinterface.address) is that of another interface.',
  ],
  ['InvalidSecurityGroupID.NotFound', 'securitygroup', 404, 'There is no such securitygroup.'],
  ['InvalidSecurityGroupID.NotFound', 'compute', 400, 'There is no such securitygroup.'],
  [
    'InvalidInstanceState',
    'compute',
    409,
    'The state of the compute, or of what it is linked to, does not allow this now.',
  ],
  ['VolumeIOPSLimit', 'storage', 409, 'The storage would have more operations per second than the cloud allows.'],
  [
    'CustomerKeyHasBeenRevoked',
    'storage',
    409,
    'The key that the storage is encrypted with cannot be used at present; ask the provider.',
  ],
  ['TagPolicyViolation', 'storage', 403, 'The tag policy of the provider does not permit this.'],
  ...['EC2ThrottledException', 'ThrottledException', 'RequestLimitExceeded'].map((code): (typeof BY_VALUE)[number] => [
    code,
    'compute',
    503,
    'The cloud has too many requests at the moment; try again later.',
  ]),
];

test.each(BY_VALUE)('%s of a %s is %i: %s', async (code, kind, status, message) => {
  const error = await refused(code, kind);
  expect([error.status, error.message]).toEqual([status, message]);
});

describe('A code that is in no list', () => {
  test.each<[string, Failure]>([
    ['InvalidNewThing.NotFound', 'invalid'],
    ['InvalidNewThingID.Malformed', 'invalid'],
    ['NewThingNotFoundException', 'invalid'],
    ['NewThingsPerVpcLimitExceeded', 'conflict'],
    ['NewThing.InUse', 'conflict'],
    ['InvalidNewThing.Duplicate', 'conflict'],
    ['IncorrectNewThingState', 'conflict'],
    ['UnsupportedNewThing', 'conflict'],
    ['InsufficientNewThingCapacity', 'unavailable'],
    ['NewThingRateExceeded', 'unavailable'],
    ['InvalidParameterNewThing', 'invalid'],
  ])('and ends as its family does (%s) is %s', async (code, failure) => {
    expect(await refused(code, 'compute')).toMatchObject({ failure });
  });

  test.each(['SomethingNew', 'Client.SomethingNew'])('nor of a family (%s) is internal', async (code) => {
    expect(await refused(code, 'compute')).toMatchObject({ failure: 'internal' });
  });
});

test('Tags that another request is writing are written again by the SDK, whatever the call', async () => {
  const answers = [refuse('ConcurrentTagAccess'), refuse('ConcurrentTagAccess')];
  const busy = await ec2Server(...answers, (response) => {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end('<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>');
  });
  try {
    const configured = settings.parse({ region: 'us-east-1', endpoint: busy.endpoint });
    const context = { role: undefined, deadline: Date.now() + 20_000, onCall: undefined };
    await ec2(connections(configured), context).call('DescribeInstances', {}, instances);
    expect(busy.seen).toHaveLength(3);
  } finally {
    await busy.stop();
  }
});
