import type { Scene, Stage } from './stage.ts';
import { manyNics, web } from './vm.ts';

const next = (stage: Stage, id: number): Stage => {
  stage.one.site.networks.next = id;
  return stage;
};

/** Network 2 of oneadmin. */
const netA = (stage: Stage): Stage => {
  const range = 'AR = [ TYPE = "IP4", IP = "172.20.0.2", SIZE = "10" ]';
  return stage.done('oneadmin', 'one.vn.allocate', `NAME = "net-a"\nVN_MAD = "dummy"\nBRIDGE = "br9"\n${range}`, 0);
};

const held = (stage: Stage): Stage => netA(stage).done('oneadmin', 'one.vn.hold', 2, 'LEASES = [ IP = "172.20.0.3" ]');

const SLOW = 'NAME = "net-slow"\nVN_MAD = "dummy"\nBRIDGE = "br7"';

/** Reservation 7 of alice. */
const reserved = (stage: Stage): Stage =>
  next(stage, 7).done('alice', 'one.vn.reserve', 0, 'SIZE = "5"\nNAME = "alice-net"');

export const networkScenes: Readonly<Record<string, Scene>> = {
  'one.vn.add_ar--add': netA,
  'one.vn.delete--reservation': reserved,
  'one.vn.delete--slow': (stage) => next(stage, 5).done('oneadmin', 'one.vn.allocate', SLOW, 0),
  'one.vn.delete--with-leases': web,
  'one.vn.hold--already-held': held,
  'one.vn.hold--hold-ip': netA,
  'one.vn.info--not-authorised': (stage) => {
    next(stage, 8).done('oneadmin', 'one.vn.allocate', 'NAME = "outside"\nVN_MAD = "dummy"\nBRIDGE = "br4"', 0);
    stage.one.site.networks.must(8).clusters = [];
  },
  'one.vn.info--private': manyNics,
  'one.vn.info--private-as-admin-with-leases': manyNics,
  'one.vn.info--reservation': reserved,
  'one.vn.info--state-2-lock_create': (stage) => next(stage, 5).begun('oneadmin', 'one.vn.allocate', SLOW, 0),
  'one.vn.info--state-3-lock_delete': (stage) =>
    next(stage, 5).done('oneadmin', 'one.vn.allocate', SLOW, 0).begun('oneadmin', 'one.vn.delete', 5),
  'one.vn.info--with-holds': (stage) =>
    held(stage)
      .done('oneadmin', 'one.vn.update', 2, 'DNS = "9.9.9.9"\nOCCI_TITLE = "Net A"', 1)
      .done('oneadmin', 'one.vn.add_ar', 2, 'AR = [ TYPE = "IP4", IP = "172.20.1.2", SIZE = "4" ]'),
  'one.vn.release--ok': held,
  'one.vn.rename--rename-reservation': reserved,
  'one.vn.reserve--extend': reserved,
  'one.vn.update--append-admin': netA,
  'one.vn.update--update-reservation-restricted': reserved,
};
