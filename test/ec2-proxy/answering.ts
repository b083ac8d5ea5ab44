/** One call of EC2, from its form to its answer. */
import type { Call } from './call.ts';
import { splitFilters } from './filters.ts';
import { checkIds } from './ids.ts';
import { isListing, type ListingName } from './listings.ts';
import { checkPage, cut, withoutPage } from './pages.ts';
import { Refusal, refusalBody } from './refusal.ts';
import { ruleOf } from './rules.ts';
import { checkSeen, hideNew } from './seen.ts';
import { ELASTIC, type Site } from './site.ts';
import { checkTags } from './tags.ts';
import { type Answer, refusalIn } from './upstream.ts';
import { documentOf, parse } from './xml.ts';

const XML = 'text/xml;charset=UTF-8';

const refused = (refusal: Refusal): Answer => ({
  status: refusal.status,
  type: XML,
  body: refusalBody(refusal),
});

const list = async (call: Call, action: ListingName, site: Site): Promise<Answer> => {
  checkPage(call, action);
  const split = splitFilters(call, action);
  if (action === 'DescribeInstances') {
    const root = await site.known.answer(call, call.list('InstanceId'));
    cut(root, action, call, split.own, site);
    return { status: 200, type: XML, body: documentOf(root) };
  }
  const answer = await site.upstream.call(withoutPage(split.call));
  if (answer.status !== 200) return answer;
  const root = parse(answer.body);
  cut(root, action, call, split.own, site);
  return { ...answer, body: documentOf(root) };
};

/** The ids in a call that tell whose picture of an instance is old; those of addresses do not stand in any. */
const namesIn = (call: Call): string[] => {
  const ids = [...call.params.values()].filter((value) =>
    /^(i|vol|eni|eni-attach|eipalloc|eipassoc)-[0-9a-f]{8,17}$/.test(value),
  );
  return ids.some((id) => id.startsWith('eip')) ? [...ids, ELASTIC] : ids;
};

const change = async (call: Call, site: Site): Promise<Answer> => {
  checkTags(call);
  const rule = ruleOf(call.action);
  return await site.tokens.once(call, await site.upstream.accountOf(call), async () => {
    await rule.check?.(call, site);
    const answer = await (rule.carry?.(call, site) ?? site.upstream.call(call));
    site.known.forget(namesIn(call));
    if (answer.status !== 200) return answer;
    const root = parse(answer.body);
    if (call.action === 'RunInstances') await site.known.launched(call, root);
    await rule.after?.(call, root, site);
    hideNew(call, root, site);
    return { ...answer, body: documentOf(root) };
  });
};

/** What the emulator has not got it answers with a page and status 500, which the SDK would try again. */
const explained = (call: Call, answer: Answer): Answer => {
  if (answer.status < 500 || !answer.type.includes('html')) return answer;
  const unknown = call.filters().map(({ name }) => name);
  const why = unknown.length > 0 ? `The filter is invalid: one of ${unknown.join(', ')}` : refusalIn(answer).message;
  return refused(new Refusal('InvalidParameterValue', why));
};

/** Changes one after the other, so that what a check saw still holds when it is carried out; reads as they come. */
export class Answering {
  private changes: Promise<unknown> = Promise.resolve();

  constructor(private readonly site: Site) {}

  /** Never throws for what a call may do wrong. */
  async answer(call: Call): Promise<Answer> {
    try {
      await this.site.passing.settle();
      if (call.isTrue('DryRun')) return await this.site.upstream.call(call);
      checkIds(call);
      checkSeen(call, this.site);
      const { action } = call;
      if (isListing(action)) return explained(call, await list(call, action, this.site));
      if (action.startsWith('Describe') || action.startsWith('Get'))
        return explained(call, await this.site.upstream.call(call));
      return explained(call, await this.inTurn(() => change(call, this.site)));
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.changes.then(work);
    this.changes = mine.catch(() => undefined);
    return mine;
  }
}
