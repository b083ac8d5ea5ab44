import { IMAGE } from './image.ts';
import type { Vm } from './site.ts';
import { numbersOf } from './vm-states.ts';
import { deploy } from './vm-walk.ts';

export const start = (vm: Vm, hold: boolean): void => {
  if (hold) vm.template.set('SUBMIT_ON_HOLD', 'YES');
  const waits = (): boolean =>
    vm.disks().some((disk) => {
      const image = vm.site.images.get(Number(disk.get('IMAGE_ID') ?? -1));
      return image?.state === IMAGE.lockedUsed || image?.state === IMAGE.lockedUsedPersistent;
    });
  const failed = (): boolean =>
    vm.disks().some((disk) => vm.site.images.get(Number(disk.get('IMAGE_ID') ?? -1))?.state === IMAGE.error);
  const go = (): void => {
    for (const disk of vm.disks().filter((one) => one.delete('CLONING'))) {
      disk.set('SOURCE', vm.site.images.get(Number(disk.get('IMAGE_ID')))?.source ?? '');
    }
    vm.goTo(numbersOf(hold ? 'HOLD' : 'PENDING'));
    if (!hold) deploy(vm);
  };
  const look = (): void => {
    if (waits()) vm.site.steps.start(vm, [look]);
    else if (failed()) vm.goTo(numbersOf('CLONING_FAILURE'));
    else go();
  };

  if (waits()) vm.goTo(numbersOf('CLONING'));
  look();
};
