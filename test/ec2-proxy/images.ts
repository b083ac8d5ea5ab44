import type { Call } from './call.ts';
import { stateOf } from './instances.ts';
import { Refusal } from './refusal.ts';
import type { Rule, Rules } from './rule.ts';
import { refusalIn } from './upstream.ts';
import { element, put, textAt } from './xml.ts';

/** Names of images: 3 to 128 characters of these, and no other image of the account has it [documented]. */
const NAME = /^[A-Za-z0-9 ()[\]./'@_-]{3,128}$/;

const createImage: Rule = {
  check: async (call, site) => {
    const name = call.get('Name');
    if (!NAME.test(name)) {
      throw new Refusal(
        'InvalidAMIName.Malformed',
        "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and ()[] ./-'@_",
      );
    }
    const owned = { 'Owner.1': 'self', 'Filter.1.Name': 'name', 'Filter.1.Value.1': name };
    const [same] = await site.find(call, 'DescribeImages', owned);
    if (same) {
      const id = textAt(same, 'imageId');
      throw new Refusal('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${id}`);
    }
    const instance = await site.one(call, call.get('InstanceId'));
    if (['running', 'stopped', 'stopping', 'pending'].includes(stateOf(instance))) return;
    throw new Refusal('IncorrectInstanceState', `Instance '${call.get('InstanceId')}' is '${stateOf(instance)}'.`);
  },
  carry: (call, site) =>
    site.upstream.call(
      call.with(
        {},
        snapshotTags(call).map(({ name }) => name),
      ),
    ),
  after: async (call, answer, site) => {
    const id = textAt(answer, 'imageId');
    const [{ tags } = { tags: undefined }] = snapshotTags(call);
    if (tags) {
      const snapshot = textAt(await site.one(call, id), 'blockDeviceMapping', 'item', 'ebs', 'snapshotId');
      await site.upstream.ask(call.asking('CreateTags', new Map([['ResourceId.1', snapshot], ...tags])));
    }
    await site.passing.begin(id, 'pending', site.settings.copying);
  },
};

/** Tags for the snapshots of an image, which the emulator breaks at when they come with it. */
const snapshotTags = (call: Call): { readonly name: string; readonly tags: [string, string][] }[] =>
  call
    .structures('TagSpecification')
    .flatMap((one, at) =>
      one.get('ResourceType') === 'snapshot'
        ? [{ name: `TagSpecification.${at + 1}`, tags: [...one].filter(([key]) => key.startsWith('Tag.')) }]
        : [],
    );

const createSnapshot: Rule = {
  check: async (call, site) => {
    await site.one(call, call.get('VolumeId'));
  },
  after: async (_, answer, site) => {
    put(answer, element('status', 'pending'));
    await site.passing.begin(textAt(answer, 'snapshotId'), 'pending', site.settings.copying);
  },
};

/** For a key that is none the emulator has a code of its own, or breaks. */
const importKeyPair: Rule = {
  carry: async (call, site) => {
    const answer = await site.upstream.call(call);
    const isNone = answer.status >= 500 || refusalIn(answer).code === 'InvalidKeyPair.Format';
    if (answer.status === 200 || !isNone) return answer;
    throw new Refusal('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
  },
};

export const IMAGES: Rules = { CreateImage: createImage, CreateSnapshot: createSnapshot, ImportKeyPair: importKeyPair };
