/** An account as a provider would have it: a network with room for more, and an image, for the adapter to work in. */
import { CreateSubnetCommand, CreateVpcCommand, DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { Ec2Proxy } from '../ec2-proxy/index.ts';

/** Credentials for moto, which does not verify them. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export const REGION = 'us-east-1';
export const ZONE = 'us-east-1a';

/** A client of the test itself, beside the adapter's. */
export const ec2Client = ({ endpoint }: Pick<Ec2Proxy, 'endpoint'>): EC2Client =>
  new EC2Client({ region: REGION, endpoint, credentials: CREDENTIALS });

/** A client of what is there natively: straight at the emulator, whatever the proxy shows and when. */
export function nativeClient({ upstream, account }: Pick<Ec2Proxy, 'upstream' | 'account'>): EC2Client {
  const client = new EC2Client({ region: REGION, endpoint: upstream, credentials: CREDENTIALS });
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-moto-account-id': account });
      return next(args);
    },
    { step: 'build' },
  );
  return client;
}

/** What the adapter is told of the account. */
export interface Site {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly image: string;
  readonly subnet: string;
  readonly vpc: string;
  /** Addresses inside the VPC that no network has had. */
  readonly addresses: () => { readonly address: string; readonly gateway: string };
}

/** Makes ready what `settings` then name; the credentials of the function are those of the environment. */
export async function prepare(proxy: Pick<Ec2Proxy, 'endpoint'>): Promise<Site> {
  process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
  const client = ec2Client(proxy);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.64.0.0/16' }));
  const vpc = Vpc!.VpcId!;
  const { Subnet } = await client.send(
    new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.64.0.0/20', AvailabilityZone: ZONE }),
  );
  const subnet = Subnet!.SubnetId!;
  const { Images } = await client.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const usable = Images!.find(
    ({ Architecture, RootDeviceType, Platform }) =>
      Architecture === 'x86_64' && RootDeviceType === 'ebs' && Platform === undefined,
  );
  const image = usable!.ImageId!;
  client.destroy();
  let next = 16 * 2;
  const addresses = () => {
    const at = next++;
    const half = (at & 1) * 128;
    return { address: `10.64.${at >> 1}.${half}/25`, gateway: `10.64.${at >> 1}.${half + 1}` };
  };
  const settings = {
    region: REGION,
    endpoint: proxy.endpoint,
    zone: ZONE,
    vpc,
    subnet,
    images: { ids: [image], default: image },
    published: { networks: [subnet] },
  };
  return { settings, image, subnet, vpc, addresses };
}
