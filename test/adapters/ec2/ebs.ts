/** Instances and volumes as EC2 describes them, for the tests of storage and its links. */
import {
  AttachVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type Instance,
  type Volume,
} from '@aws-sdk/client-ec2';
import type { mocked } from './mocked.ts';

export const INSTANCE = 'i-0123456789abcdef0';
export const VOLUME = 'vol-0123456789abcdef0';
export const OTHER = 'vol-0fedcba9876543210';

type Tags = Readonly<Record<string, string>>;

const tagged = (tags: Tags) =>
  Object.entries({ 'occi:tenant': 'anne', ...tags }).map(([Key, Value]) => ({ Key, Value }));

/** An unused volume of anne's. */
export const volume = (change: Partial<Volume> = {}, tags: Tags = { 'occi:token': 'a token' }): Volume => ({
  VolumeId: VOLUME,
  Size: 4,
  State: 'available',
  AvailabilityZone: 'us-east-1a',
  Tags: tagged(tags),
  ...change,
});

/** The mapping of an attached volume. */
export const disk = (DeviceName: string, VolumeId: string, Status = 'attached', DeleteOnTermination = false) =>
  ({ DeviceName, Ebs: { VolumeId, Status, DeleteOnTermination } }) as const;

const ROOT = disk('/dev/sda1', 'vol-0aaaaaaaaaaaaaaaa', 'attached', true);

/** A machine of anne's that was launched a minute ago, with its root and these disks. */
export const instance = (State: string, disks: readonly ReturnType<typeof disk>[] = [], tags: Tags = {}): Instance =>
  ({
    InstanceId: INSTANCE,
    InstanceType: 't3.micro',
    State: { Name: State },
    LaunchTime: new Date(Date.now() - 60_000),
    Placement: { AvailabilityZone: 'us-east-1a' },
    RootDeviceName: '/dev/sda1',
    BlockDeviceMappings: [ROOT, ...disks],
    Tags: tagged(tags),
  }) as Instance;

/** EC2 shows this; the last of several for ever. */
export function showing(
  mock: ReturnType<typeof mocked>,
  instances: readonly Instance[],
  volumes: readonly Volume[] = [],
) {
  const answers = instances.map((one) => ({ Reservations: [{ Instances: [one] }] }));
  const asked = mock.on(DescribeInstancesCommand);
  for (const answer of answers.slice(0, -1)) asked.resolvesOnce(answer);
  asked.resolves(answers.at(-1) ?? { Reservations: [] });
  mock.on(DescribeVolumesCommand).callsFake(({ VolumeIds, Filters = [] }) => ({
    Volumes: volumes.filter(({ VolumeId, Tags = [] }) => {
      const ids = VolumeIds ?? Filters.find(({ Name }: { Name: string }) => Name === 'volume-id')?.Values;
      const token = Filters.find(({ Name }: { Name: string }) => Name === 'tag:occi:link-token')?.Values[0];
      const own = Tags.find(({ Key }) => Key === 'occi:link-token')?.Value;
      return (ids === undefined || ids.includes(VolumeId)) && (token === undefined || own === token);
    }),
  }));
}

/** The devices that were tried, in order. */
export const tried = (mock: ReturnType<typeof mocked>): (string | undefined)[] =>
  mock.commandCalls(AttachVolumeCommand).map(({ args }) => args[0].input.Device);

/** Names of all calls so far, in order. */
export const calls = (mock: ReturnType<typeof mocked>): string[] =>
  mock.calls().map(({ args }) => (args[0] as object).constructor.name.replace(/Command$/, ''));
