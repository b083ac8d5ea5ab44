import type { Scene, Stage } from './stage.ts';
import { web } from './vm.ts';

const OS =
  'NAME = "alice-os"\nTYPE = "OS"\nPATH = "https://images.example.org/a.qcow2"\nDEV_PREFIX = "vd"\nDESCRIPTION = "OS image"';
const VOLUME = 'NAME = "alice-vol"\nTYPE = "DATABLOCK"\nSIZE = "100"\nPERSISTENT = "YES"';

const next = (stage: Stage, id: number): Stage => {
  stage.one.site.images.next = id;
  return stage;
};

/** Image 13 of alice. */
const os = (stage: Stage): Stage => next(stage, 13).done('alice', 'one.image.allocate', OS, 100, false);
/** Image 15 of alice, persistent. */
const volume = (stage: Stage): Stage => next(stage, 15).done('alice', 'one.image.allocate', VOLUME, 100, false);
/** Image 17 of alice, for which its driver takes long. */
const slow = (stage: Stage): Stage =>
  next(stage, 17).begun(
    'alice',
    'one.image.allocate',
    'NAME = "slow"\nTYPE = "OS"\nPATH = "/var/tmp/s.img"',
    100,
    false,
  );
/** Image 19, made of 13. */
const cloned = (stage: Stage): Stage => next(os(stage), 19).done('alice', 'one.image.clone', 13, 'alice-os-clone', -1);

const inVm = (stage: Stage, image: number): Stage =>
  stage.done(
    'alice',
    'one.vm.allocate',
    `NAME = "p"\nCPU = "1"\nMEMORY = "64"\nDISK = [ IMAGE_ID = "${image}" ]`,
    true,
  );

export const imageScenes: Readonly<Record<string, Scene>> = {
  'one.image.allocate--duplicate-name': os,
  'one.image.allocate--quota-datastore': (stage) =>
    stage.done('oneadmin', 'one.user.quota', 3, 'DATASTORE = [ ID = "100", SIZE = "300" ]'),
  'one.image.chtype--os-to-datablock': cloned,
  'one.image.clone--duplicate-name': os,
  'one.image.clone--not-authorised': os,
  'one.image.clone--same-ds': os,
  'one.image.delete--delete-locked-attempt': slow,
  'one.image.delete--in-use': (stage) => inVm(volume(stage), 15),
  'one.image.delete--ok': cloned,
  'one.image.enable--disable': os,
  'one.image.enable--enable': (stage) => os(stage).done('alice', 'one.image.enable', 13, false),
  'one.image.enable--enable-locked': slow,
  'one.image.info--ready-os': os,
  'one.image.info--ready-persistent': volume,
  'one.image.info--state-2-used': web,
  'one.image.info--state-3-disabled': (stage) => os(stage).done('alice', 'one.image.enable', 13, false),
  'one.image.info--state-4-locked': slow,
  'one.image.info--state-7-delete': (stage) => cloned(stage).begun('alice', 'one.image.delete', 19),
  'one.image.info--state-8-used_pers': (stage) => inVm(volume(stage), 15),
  'one.image.info--state-9-locked_used': (stage) => {
    next(stage, 21).begun(
      'alice',
      'one.image.allocate',
      'NAME = "lockused"\nTYPE = "OS"\nPATH = "/var/tmp/z"',
      100,
      false,
    );
    const vm = 'NAME = "waits"\nCPU = "1"\nMEMORY = "64"\nDISK = [ IMAGE_ID = "21" ]';
    stage.call('alice', 'one.vm.allocate', vm, true);
  },
  'one.image.info--state-clone-source': (stage) =>
    next(os(stage), 19).begun('alice', 'one.image.clone', 13, 'alice-os-clone', -1),
  'one.image.info--state-clone-target': (stage) =>
    next(os(stage), 19).begun('alice', 'one.image.clone', 13, 'alice-os-clone', -1),
  'one.image.persistent--make-persistent': os,
  'one.image.persistent--not-authorised': os,
  'one.image.rename--ok': os,
  'one.image.update--append': os,
  'one.image.update--restricted': os,
};
