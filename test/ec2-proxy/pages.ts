/** Listings in pages, which the emulator has for a few only, and counts otherwise in. */
import type { Call, Filter } from './call.ts';
import { passes } from './filters.ts';
import { idsIn } from './ids.ts';
import { type ListingName, listing } from './listings.ts';
import { Refusal } from './refusal.ts';
import { isLostWithTags } from './seen.ts';
import type { Site } from './site.ts';
import { show } from './views.ts';
import { all, type Element, element, put, remove, textAt } from './xml.ts';

/** MaxResults as documented: within its limits, and not together with ids. */
export const checkPage = (call: Call, action: ListingName): void => {
  const { pages } = listing(action);
  const asked = call.get('MaxResults');
  if (!asked || !pages) return;
  const [least, most] = pages;
  if (action === 'DescribeInstances' && call.list('InstanceId').length > 0) {
    throw new Refusal(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  if (!/^\d+$/.test(asked) || Number(asked) < least) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value greater than ${least}.`,
    );
  }
  if (Number(asked) > most) {
    throw new Refusal(
      'InvalidParameterValue',
      `Value ( ${asked} ) for parameter maxResults is invalid. Expecting a value less than ${most}.`,
    );
  }
};

/** The same question for the emulator: all of it, whatever its own idea of a page is. */
export const withoutPage = (call: Call): Call => call.with({}, ['MaxResults', 'NextToken']);

const tokenOf = (id: string): string => Buffer.from(`after ${id}`).toString('base64');

/** The items of one page, shown, filtered and with what is not yet or no longer seen left out; the rest is taken away. */
export const cut = (root: Element, action: ListingName, call: Call, own: readonly Filter[], site: Site): void => {
  const { path, id: naming, pages, unasked } = listing(action);
  const sets = all(root, ...path);
  const token = call.get('NextToken');
  const ids = sets.flatMap((set) => set.children.map((item) => textAt(item, naming)));
  const start = token ? ids.findIndex((id) => tokenOf(id) === token) + 1 : 0;
  if (token && start === 0) throw new Refusal('InvalidPaginationToken', 'The specified pagination token is not valid.');
  const asked = Number(call.get('MaxResults')) || (idsIn(call).length > 0 ? 0 : unasked);
  const most = pages && asked ? asked : Number.POSITIVE_INFINITY;
  let [place, taken, last, more] = [0, 0, '', false];
  for (const set of sets) {
    set.children = set.children.filter((item) => {
      const id = textAt(item, naming);
      place += 1;
      if (place <= start || more || site.isUnseen(id) || site.isGone(id)) return false;
      if (isLostWithTags(call, item, id, site)) return false;
      show(action, item, site);
      if (!passes(item, action, own)) return false;
      if (taken >= most) {
        more = true;
        return false;
      }
      taken += 1;
      last = id;
      return true;
    });
  }
  dropEmptyReservations(root);
  remove(root, 'nextToken');
  if (more) put(root, element('nextToken', tokenOf(last)));
};

const dropEmptyReservations = (root: Element): void => {
  for (const reservations of all(root, 'reservationSet')) {
    reservations.children = reservations.children.filter((one) => all(one, 'instancesSet', 'item').length > 0);
  }
};
