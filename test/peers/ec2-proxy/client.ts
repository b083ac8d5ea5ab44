import {
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  type EC2ServiceException,
  type Instance,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Volume,
} from '@aws-sdk/client-ec2';
import { expect } from '@jest/globals';

export const ZONE = 'us-east-1a';
/** An image that every account of moto has. */
export const IMAGE = 'ami-12c6146b';

/** The real client, that tries once. */
export const clientOf = (endpoint: string, region = 'us-east-1'): EC2Client =>
  new EC2Client({ endpoint, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });

/** The error that a call ends with, which must be of this code. */
export const refused = async (call: Promise<unknown>, code: string): Promise<EC2ServiceException> => {
  const error = (await call.then(
    () => ({ name: 'no error' }),
    (thrown: unknown) => thrown,
  )) as EC2ServiceException;
  expect(error.name).toBe(code);
  return error;
};

export const LAUNCH = { ImageId: IMAGE, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;

export const launched = async (client: EC2Client, input: Partial<RunInstancesCommandInput> = {}): Promise<Instance> => {
  const { Instances } = await client.send(new RunInstancesCommand({ ...LAUNCH, ...input }));
  return Instances![0]!;
};

export const instance = async (client: EC2Client, id: string): Promise<Instance> => {
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations![0]!.Instances![0]!;
};

export const state = async (client: EC2Client, id: string) => (await instance(client, id)).State?.Name;

export const created = async (client: EC2Client, zone = ZONE): Promise<string> => {
  const input = { AvailabilityZone: zone, Size: 1, VolumeType: 'gp3' } as const;
  return (await client.send(new CreateVolumeCommand(input))).VolumeId!;
};

export const volume = async (client: EC2Client, id: string): Promise<Volume> =>
  (await client.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes![0]!;
