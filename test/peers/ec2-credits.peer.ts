/** CPU credits and interfaces of machines behind the proxy, which refuses what AWS documents that EC2 refuses. */
import {
  ModifyInstanceAttributeCommand,
  ModifyInstanceCreditSpecificationCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, settings as schema } from '../../adapters/ec2/index.ts';
import { typeMixinId } from '../../adapters/ec2/mixins.ts';
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { changeOf, computeDraft, mixinOf } from '../adapters/ec2/compute-drafts.ts';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';
import { startEc2 } from './ec2.ts';
import { ec2Client, prepare, type Site } from './ec2-site.ts';

let proxy: Ec2Proxy;
let site: Site;
let compute: Required<KindAdapter<'compute'>>;
beforeAll(async () => {
  proxy = await startEc2();
  site = await prepare(proxy);
  const settings = schema.parse({ ...site.settings, types: ['t3.micro', 't3.small', 'm5.large'] });
  const make = connect({ settings, site: 'test', local: true } as never);
  compute = make({ caller: { name: 'anne' }, deadline: Date.now() + 600_000 }).kinds.compute as never;
}, 60_000);
afterAll(() => proxy?.stop());

const size = (type: string) => ({ mixins: [mixinOf(typeMixinId(type))] });
const sent = (action: string) => proxy.sent(action).at(-1);

test('A machine has the credits of the settings at its launch and with each burstable type that it gets', async () => {
  const { id } = await compute.create(computeDraft(size('m5.large')), 'credits');
  expect(sent('RunInstances')).not.toHaveProperty('CreditSpecification.CpuCredits');
  await compute.act(id, 'stop', {});
  await compute.update(id, changeOf({ addMixins: size('t3.small').mixins }));
  expect(sent('ModifyInstanceCreditSpecification')).toMatchObject({
    'InstanceCreditSpecification.1.InstanceId': id,
    'InstanceCreditSpecification.1.CpuCredits': 'standard',
  });
  await compute.create(computeDraft(size('t3.micro')), 'more credits');
  expect(sent('RunInstances')).toMatchObject({ 'CreditSpecification.CpuCredits': 'standard' });
});

test('The proxy refuses credits of other types, and a public address for one of several interfaces', async () => {
  const client = ec2Client(proxy);
  const launch = { ImageId: site.image, MinCount: 1, MaxCount: 1, InstanceType: 'm5.large' as const };
  const credits = { CreditSpecification: { CpuCredits: 'standard' } };
  await expect(client.send(new RunInstancesCommand({ ...launch, ...credits }))).rejects.toMatchObject({
    name: 'InstanceCreditSpecification.NotSupported',
  });
  const NetworkInterfaces = [0, 1].map((DeviceIndex) => ({
    DeviceIndex,
    SubnetId: site.subnet,
    AssociatePublicIpAddress: DeviceIndex === 0,
  }));
  await expect(client.send(new RunInstancesCommand({ ...launch, NetworkInterfaces }))).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  });
  const { Instances } = await client.send(new RunInstancesCommand({ ...launch, SubnetId: site.subnet }));
  const InstanceId = Instances![0]!.InstanceId!;
  const set = { InstanceCreditSpecifications: [{ InstanceId, CpuCredits: 'standard' }] };
  const refused = await client.send(new ModifyInstanceCreditSpecificationCommand(set));
  expect(refused.UnsuccessfulInstanceCreditSpecifications?.[0]?.Error?.Code).toMatch(/NotSupported$/);
  await client.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  await client.send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 't3.micro' } }));
  const done = await client.send(new ModifyInstanceCreditSpecificationCommand(set));
  expect(done.SuccessfulInstanceCreditSpecifications).toEqual([{ InstanceId }]);
  client.destroy();
});
