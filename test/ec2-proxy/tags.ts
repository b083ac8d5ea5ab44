import type { Call } from './call.ts';
import { prefixOf } from './ids.ts';
import { invalidValue, Refusal } from './refusal.ts';
import type { Rules } from './rule.ts';

const MOST = 50; // for one resource [documented]
const KEY = 128; // characters [known]
const VALUE = 256; // characters [known]

const tagsOf = (call: Call): Map<string, string>[][] => {
  const specified = call.structures('TagSpecification').map((one) => call.asking('', one).structures('Tag'));
  return [call.structures('Tag'), ...specified];
};

/** Tags that EC2 does not take, in any call. */
export const checkTags = (call: Call): void => {
  for (const tags of tagsOf(call)) {
    if (tags.length > MOST) throw new Refusal('TagLimitExceeded', `More than ${MOST} tags were given.`);
    for (const tag of tags) {
      const [key, value] = [tag.get('Key') ?? '', tag.get('Value') ?? ''];
      if (/^aws:/i.test(key)) throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`);
      if ([...key].length > KEY) throw invalidValue(`Tag key exceeds the maximum length of ${KEY} characters`);
      if ([...value].length > VALUE) throw invalidValue(`Tag value exceeds the maximum length of ${VALUE} characters`);
    }
  }
};

export const TAGS: Rules = {
  // The emulator tags what there is not.
  CreateTags: {
    check: async (call, site) => {
      for (const id of call.list('ResourceId')) if (prefixOf(id)) await site.one(call, id);
    },
  },
};
