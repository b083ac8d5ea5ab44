/**
 * The account that is measured against: moto behind the proxy, in a process of its own so that its work does not count.
 * Prints one line of JSON once its machines are there.
 */
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { startEc2 } from '../../test/peers/ec2.ts';
import { ec2Client, prepare } from '../../test/peers/ec2-site.ts';
import { ownerOf, SIZES, SPARE } from './population.ts';

/** Machines of one launch. */
const BATCH = 100;

const proxy = await startEc2();
const site = await prepare(proxy);
const client = ec2Client(proxy);

const launch = async (owner: string, machines: number): Promise<void> => {
  for (let left = machines; left > 0; left -= BATCH) {
    const count = Math.min(BATCH, left);
    const Tags = [
      { Key: 'occi:tenant', Value: owner },
      { Key: 'Name', Value: 'one of many' },
    ];
    await client.send(
      new RunInstancesCommand({
        ImageId: site.image,
        InstanceType: 't3.micro',
        MinCount: count,
        MaxCount: count,
        SubnetId: site.subnet,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    );
  }
};

for (const size of SIZES) await launch(ownerOf(size), size);
await launch(SPARE.name, SPARE.machines);
console.log(JSON.stringify({ settings: site.settings, image: site.image, subnet: site.subnet }));

process.once('SIGTERM', async () => {
  await proxy.stop();
  process.exit();
});
