/** What limits per tenant count before a launch: EC2 gives a machine the size of its type, not what was asked for. */
import { DescribeImagesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { compute } from '../../../../adapters/ec2/compute/compute.ts';
import { CRTP_TEMPLATES } from '../../../../lib/occi/mixins/index.ts';
import { computeDraft } from '../compute-drafts.ts';
import { cloudOf, mocked } from '../mocked.ts';

const IMAGE = 'ami-00000000000000abc';
const mock = mocked();
beforeEach(() => {
  mock.reset();
  mock.on(DescribeImagesCommand).resolves({ Images: [{ ImageId: IMAGE, Architecture: 'x86_64' }] });
});

const small = CRTP_TEMPLATES.find(({ term }) => term === 'small')!;

test.each([
  ['nothing: the default type', {}, { 'occi.compute.cores': 2, 'occi.compute.memory': 1 }],
  [
    'the profile’s small, one core: t3.micro, which has two',
    { mixins: [small], attributes: { 'occi.compute.cores': 1, 'occi.compute.memory': 1 } },
    { 'occi.compute.cores': 2, 'occi.compute.memory': 1 },
  ],
  [
    'three cores: the smallest type with as many',
    { attributes: { 'occi.compute.cores': 3 } },
    { 'occi.compute.cores': 4, 'occi.compute.memory': 16 },
  ],
] as const)('a compute that asks for %s', async (_, draft, size) => {
  const kind = compute(cloudOf({ images: { default: IMAGE }, attempts: 1 }));
  expect(await kind.sizeOfNew!(computeDraft(draft))).toEqual(size);
  expect(mock.commandCalls(RunInstancesCommand)).toEqual([]);
});

test('a size that no type has is refused as by the create', async () => {
  const kind = compute(cloudOf({ images: { default: IMAGE }, attempts: 1 }));
  const draft = computeDraft({ attributes: { 'occi.compute.cores': 4000 } });
  await expect(kind.sizeOfNew!(draft)).rejects.toMatchObject({ failure: 'invalid' });
});

test('a change of an existing machine reads no image', async () => {
  const kind = compute(cloudOf({ images: { default: IMAGE }, attempts: 1 }));
  const attributes = { 'occi.compute.architecture': 'x64', 'occi.compute.cores': 4, 'occi.compute.memory': 1 } as const;
  expect(await kind.sizeOfNew!({ attributes, mixins: [] })).toEqual({
    'occi.compute.cores': 4,
    'occi.compute.memory': 16,
  });
  expect(mock.commandCalls(DescribeImagesCommand)).toEqual([]);
});
