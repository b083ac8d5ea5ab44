/** The life of an instance: which state allows what [known, but where a document is named], and how long states last. */
import type { Call } from './call.ts';
import { endInstance } from './ending.ts';
import { checkType } from './instance-types.ts';
import { launch } from './launch.ts';
import { Refusal } from './refusal.ts';
import { answerOf, type Rule, type Rules } from './rule.ts';
import type { Site } from './site.ts';
import { stateElement } from './views.ts';
import { all, at, type Element, element, put, textAt } from './xml.ts';

export const stateOf = (instance: Element): string => textAt(instance, 'instanceState', 'name');

const instances = (call: Call, site: Site): Promise<Element[]> =>
  Promise.all(call.list('InstanceId').map((id) => site.one(call, id)));

/** Refuses an action in any state but these. */
const onlyIn =
  (what: string, ...states: string[]) =>
  async (call: Call, site: Site): Promise<void> => {
    for (const instance of await instances(call, site)) {
      if (states.includes(stateOf(instance))) continue;
      const id = textAt(instance, 'instanceId');
      throw new Refusal(
        'IncorrectInstanceState',
        `The instance '${id}' is not in a state from which it can be ${what}. It is '${stateOf(instance)}'.`,
      );
    }
  };

/** Those that a start or a stop changes. In its answer, what was there, or on the way, stays as it was. */
const changes = (answer: Element, there: string, site: Site): string[] =>
  all(answer, 'instancesSet', 'item').flatMap((item) => {
    const id = textAt(item, 'instanceId');
    const before = site.passing.of(id) ?? textAt(item, 'previousState', 'name');
    put(item, stateElement('previousState', before));
    if (before !== there && !site.passing.of(id)) return [id];
    put(item, stateElement('currentState', before));
    return [];
  });

const start: Rule = {
  check: onlyIn('started', 'stopped', 'running', 'pending'),
  after: async (_, answer, site) => {
    for (const id of changes(answer, 'running', site)) {
      site.hibernated.delete(id);
      await site.passing.begin(id, 'pending', site.settings.pending);
    }
  },
};

const stop: Rule = {
  check: async (call, site) => {
    await onlyIn('stopped', 'running', 'stopping', 'stopped')(call, site);
    if (!call.isTrue('Hibernate')) return;
    for (const instance of await instances(call, site)) {
      if (textAt(instance, 'hibernationOptions', 'configured') === 'true') continue;
      throw new Refusal(
        'UnsupportedHibernationConfiguration',
        `The following instance is not configured for hibernation: '${textAt(instance, 'instanceId')}'`,
      );
    }
  },
  after: async (call, answer, site) => {
    for (const id of changes(answer, 'stopped', site)) {
      if (call.isTrue('Hibernate')) site.hibernated.add(id);
      await site.passing.begin(id, 'stopping', site.settings.stopping);
    }
  },
};

/** Terminating twice succeeds, one bad id fails the whole batch, protection is obeyed [documented]. */
const terminate: Rule = {
  carry: async (call, site) => {
    const found = await instances(call, site);
    for (const instance of found) await checkProtection(call, site, textAt(instance, 'instanceId'));
    const items: Element[] = [];
    for (const instance of found) {
      const id = textAt(instance, 'instanceId');
      const previous = stateOf(instance);
      if (previous !== 'terminated' && previous !== 'shutting-down') {
        await site.passing.begin(id, 'shutting-down', site.settings.shuttingDown, () => endInstance(call, id, site));
      }
      const current = previous === 'terminated' ? previous : 'shutting-down';
      items.push(
        element('item', [
          element('instanceId', id),
          stateElement('currentState', current),
          stateElement('previousState', previous),
        ]),
      );
    }
    return answerOf('TerminateInstances', [element('instancesSet', items)]);
  },
};

const checkProtection = async (call: Call, site: Site, id: string): Promise<void> => {
  const attribute = { InstanceId: id, Attribute: 'disableApiTermination' };
  const root = await site.upstream.ask(call.asking('DescribeInstanceAttribute', attribute));
  if (textAt(root, 'disableApiTermination', 'value').toLowerCase() !== 'true') return;
  throw new Refusal(
    'OperationNotPermitted',
    `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
};

/** The type is changed while the instance is stopped, and to one that exists. */
const modify: Rule = {
  check: async (call, site) => {
    const id = call.get('InstanceId');
    const type = call.get('InstanceType.Value') || (call.get('Attribute') === 'instanceType' ? call.get('Value') : '');
    const instance = await site.one(call, id);
    if (type && stateOf(instance) !== 'stopped') {
      throw new Refusal('IncorrectInstanceState', `The instance '${id}' is not in the 'stopped' state.`);
    }
    if (type) await checkType(call, site, type);
  },
  carry: async (call, site) => {
    const groups = call.list('GroupId');
    if (groups.length === 0) return await site.upstream.call(call);
    const instance = await site.one(call, call.get('InstanceId'));
    for (const group of groups) await site.one(call, group);
    const nics = all(instance, 'networkInterfaceSet', 'item');
    if (nics.length !== 1) {
      throw new Refusal(
        'InvalidInstanceID',
        `There are multiple interfaces attached to instance '${call.get('InstanceId')}'. Please specify an interface ID for the operation instead.`,
      );
    }
    const params = Object.fromEntries(groups.map((group, n) => [`SecurityGroupId.${n + 1}`, group]));
    const nic = textAt(nics[0], 'networkInterfaceId');
    await site.upstream.ask(call.asking('ModifyNetworkInterfaceAttribute', { ...params, NetworkInterfaceId: nic }));
    return answerOf('ModifyInstanceAttribute', [element('return', 'true')]);
  },
};

/** `pending` in the answer to a launch, whatever the next look shows; what dies at its launch never leaves it. */
const showPending = async (call: Call, answer: Element, site: Site): Promise<void> => {
  const reason = site.dyingLaunches.get(call);
  for (const instance of all(answer, 'instancesSet', 'item')) {
    put(instance, stateElement('instanceState', 'pending'));
    if (at(instance, 'clientToken')?.text === 'ABCDE') put(instance, element('clientToken'));
    const id = textAt(instance, 'instanceId');
    const die = async () => {
      site.reasons.set(id, reason!);
      await endInstance(call, id, site);
    };
    await site.passing.begin(id, 'pending', site.settings.pending, reason && die);
  }
};

export const INSTANCES: Rules = {
  RunInstances: { ...launch, after: showPending },
  StartInstances: start,
  StopInstances: stop,
  RebootInstances: { check: onlyIn('rebooted', 'running') },
  TerminateInstances: terminate,
  ModifyInstanceAttribute: modify,
};
