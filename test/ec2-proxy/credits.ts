/** CPU credits of instances, which the emulator does not keep [documented: ModifyInstanceCreditSpecification]. */
import { isBurstable } from './instance-types.ts';
import { answerOf, type Rules } from './rule.ts';
import { element, textAt } from './xml.ts';

const refusedItem = (id: string) =>
  element('item', [
    element('instanceId', id),
    element('error', [
      element('code', 'InstanceCreditSpecification.NotSupported'),
      element('message', 'The instance type does not support CPU credits.'),
    ]),
  ]);

export const CREDITS: Rules = {
  ModifyInstanceCreditSpecification: {
    /** Each instance is answered by itself: the call succeeds though all are refused. */
    carry: async (call, site) => {
      const [done, refused] = [[], []] as ReturnType<typeof element>[][];
      for (const one of call.structures('InstanceCreditSpecification')) {
        const id = one.get('InstanceId') ?? '';
        if (await isBurstable(call, site, textAt(await site.one(call, id), 'instanceType'))) {
          site.credits.set(id, one.get('CpuCredits') ?? '');
          done!.push(element('item', [element('instanceId', id)]));
        } else refused!.push(refusedItem(id));
      }
      return answerOf('ModifyInstanceCreditSpecification', [
        element('successfulInstanceCreditSpecificationSet', done),
        element('unsuccessfulInstanceCreditSpecificationSet', refused),
      ]);
    },
  },
};
