import { Call, type Methods, refuseParams } from './method.ts';
import { diskSnapshotMethods } from './methods/disk-snapshots.ts';
import { diskMethods } from './methods/disks.ts';
import { hotplugMethods } from './methods/hotplug.ts';
import { imageMethods } from './methods/images.ts';
import { infrastructureMethods } from './methods/infrastructure.ts';
import { networkMethods } from './methods/networks.ts';
import { pools } from './methods/pools.ts';
import { securityGroupMethods } from './methods/security-groups.ts';
import { snapshotMethods } from './methods/snapshots.ts';
import { templateMethods } from './methods/templates.ts';
import { userMethods } from './methods/users.ts';
import { vmMethods } from './methods/vms.ts';
import { Fault } from './refusal.ts';
import { passTimer } from './schedule.ts';
import { authenticate } from './session.ts';
import type { Site } from './site.ts';
import { answered, bare, faultStruct, several } from './xml-rpc-answer.ts';
import type { NativeCall, Param } from './xml-rpc-call.ts';

const METHODS: Methods = {
  ...{
    ...vmMethods,
    ...hotplugMethods,
    ...diskMethods,
    ...diskSnapshotMethods,
    ...snapshotMethods,
    ...templateMethods,
    ...imageMethods,
  },
  ...{ ...networkMethods, ...securityGroupMethods, ...userMethods, ...infrastructureMethods, ...pools },
};

const SYSTEM = ['system.listMethods', 'system.methodSignature', 'system.multicall'];
/** Letters of `takes` as the introspection calls them. */
const SIGNATURE: Readonly<Record<string, string>> = { s: 'string', i: 'int', b: 'boolean', A: 'array' };

const text = (param: Param | undefined): string => (param?.type === 'string' ? param.value : '');

const unknown = (method: string): Fault => new Fault(-506, `Method '${method}' not defined`);

/** One call of oned, as a `<value>`. @throws {Fault} for unknown methods and wrong parameters */
const one = (site: Site, { method, params }: NativeCall): string => {
  const found = Object.hasOwn(METHODS, method) && !site.without.has(method) ? METHODS[method] : undefined;
  if (!found) throw unknown(method);
  const [session, ...others] = params;
  if (!session) throw new Fault(-501, 'Not enough parameters');
  if (session.type !== 'string') throw new Fault(-501, 'Parameter that is supposed to be a string is not');
  refuseParams(found, others);
  site.steps.pass();
  passTimer(site);
  return answered(method, () => found.run(new Call(site, authenticate(site, session.value), others)));
};

const inner = (param: Param): NativeCall => {
  const members = param.type === 'struct' ? param.value : new Map<string, Param>();
  const params = members.get('params');
  if (text(members.get('methodName')) === 'system.multicall')
    throw new Fault(-507, 'Recursive system.multicall forbidden');
  if (params === undefined) throw new Fault(-502, "No member of struct has key 'params'");
  return { method: text(members.get('methodName')), params: params?.type === 'array' ? params.value : [] };
};

/** Each call's value in an array of its own, or its fault as a struct. */
const multicall = (site: Site, params: readonly Param[], count: (method: string) => void): string => {
  const [calls] = params;
  if (calls?.type !== 'array') throw new Fault(-501, 'Parameter that is supposed to be an array is not');
  return several(
    calls.value.map(inner).map((call) => {
      count(call.method);
      try {
        return several([one(site, call)]);
      } catch (cause) {
        if (cause instanceof Fault) return faultStruct(cause);
        throw cause;
      }
    }),
  );
};

/**
 * Answers a call as a `<value>`; every call of oned is counted, those within a multicall one by one.
 * @throws {Fault}
 */
export const perform = (site: Site, call: NativeCall, count: (method: string) => void): string => {
  if (call.method === 'system.multicall') return multicall(site, call.params, count);
  count(call.method);
  if (call.method === 'system.listMethods') return bare([...SYSTEM, ...Object.keys(METHODS)]);
  if (call.method === 'system.methodSignature') {
    const method = METHODS[text(call.params[0])];
    if (!method) throw unknown(text(call.params[0]));
    return several([bare(['array', 'string', ...[...method.takes.join('')].map((letter) => SIGNATURE[letter]!)])]);
  }
  return one(site, call);
};
