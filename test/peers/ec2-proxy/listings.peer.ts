/** Listings behind the proxy: their pages and their filters. */
import { DescribeInstancesCommand, DescribeVolumesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEc2 } from '../ec2.ts';
import { clientOf, created, IMAGE, LAUNCH, launched, refused } from './client.ts';

let ec2: Awaited<ReturnType<typeof startEc2>>;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  ec2 = await startEc2();
  client = clientOf(ec2.endpoint);
});
afterAll(() => ec2.stop());

const launch = async (input = {}) => (await launched(client, input)).InstanceId!;

describe('a listing of instances', () => {
  const list = (input: object) => client.send(new DescribeInstancesCommand(input));

  test('comes in pages of instances, whatever reservations they are of', async () => {
    const Tags = [{ Key: 'page', Value: 'yes' }];
    const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
    await client.send(new RunInstancesCommand({ ...LAUNCH, MaxCount: 7, TagSpecifications }));
    await launch({ TagSpecifications });
    const Filters = [{ Name: 'tag:page', Values: ['yes'] }];
    const pages: string[][] = [];
    for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
      const page = await list({ Filters, MaxResults: 5, NextToken });
      pages.push(page.Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId!)));
      NextToken = page.NextToken;
    }
    expect(pages.map(({ length }) => length)).toEqual([5, 3]);
    expect(new Set(pages.flat()).size).toBe(8);
  });

  test('refuses pages of fewer than 5, pages of ids, tokens, ids and filters that are none', async () => {
    await refused(list({ MaxResults: 4 }), 'InvalidParameterValue');
    await refused(list({ MaxResults: 1001 }), 'InvalidParameterValue');
    await refused(list({ MaxResults: 5, InstanceIds: [await launch()] }), 'InvalidParameterCombination');
    await refused(list({ MaxResults: 5, NextToken: 'none' }), 'InvalidPaginationToken');
    await refused(list({ InstanceIds: [IMAGE] }), 'InvalidInstanceID.Malformed');
    await refused(list({ InstanceIds: ['i-0123456789abcdef0'] }), 'InvalidInstanceID.NotFound');
    await refused(list({ Filters: [{ Name: 'colour', Values: ['red'] }] }), 'InvalidParameterValue');
  });
});

test('volumes come in pages', async () => {
  await Promise.all(Array.from({ length: 6 }, () => created(client)));
  const first = await client.send(new DescribeVolumesCommand({ MaxResults: 5 }));
  expect(first.Volumes).toHaveLength(5);
  const second = await client.send(new DescribeVolumesCommand({ MaxResults: 5, NextToken: first.NextToken }));
  const ids = [...first.Volumes!, ...second.Volumes!].map(({ VolumeId }) => VolumeId);
  expect(new Set(ids).size).toBe(ids.length);
});
