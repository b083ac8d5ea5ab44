/**
 * The cloud of the bench: the stand-in for OpenNebula, in a process of its own so that its work and memory do not
 * count. Prints its address once its machines exist.
 */

import { type OpenNebula, startOpenNebula } from '../../test/oned/index.ts';
import { addUser } from '../../test/oned/methods/users.ts';
import { NETWORK } from '../../test/oned/network.ts';
import { Network } from '../../test/oned/site.ts';
import { Template, vector } from '../../test/oned/template.ts';
import { LARGE, ownerOf, SIZES, SPARE, sessionOf } from './population.ts';

/** Size of an address range, large enough for the machines made during the bench. */
const RANGE_SIZE = 20_000;

/** A running machine as oned 6.10 shows it: a disk, a network interface, a context, what the monitor saw. */
const machineOn = (network: number): string => `NAME = "worker # of the batch"
CPU = "1"
VCPU = "2"
MEMORY = "2048"
TEMPLATE_ID = "0"
DESCRIPTION = "Says hello & computes"
DISK = [ IMAGE_ID = "0" ]
NIC = [ NETWORK_ID = "${network}" ]
CONTEXT = [ NETWORK = "YES", SET_HOSTNAME = "worker-#",
  SSH_PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLE alice@example.org" ]
GRAPHICS = [ LISTEN = "127.0.0.1", PORT = "5900", TYPE = "VNC" ]`;

/** A network for the machines of one owner. */
const networkOf = ({ site }: OpenNebula, name: string, gid: number, first: string): number => {
  const user = addUser(site, { name, password: 'password', gid });
  const network = site.make(site.networks, Network, `lan of ${name}`);
  Object.assign(network, { uid: user.id, gid, clusters: [0] });
  const addresses = { DNS: '10.0.0.1', GATEWAY: '10.0.0.1', NETWORK_ADDRESS: '10.0.0.0', NETWORK_MASK: '255.0.0.0' };
  const wiring = { BRIDGE: 'br0', BRIDGE_TYPE: 'linux', SECURITY_GROUPS: '0', VN_MAD: 'dummy' };
  network.template = Template.of({ ...wiring, ...addresses });
  network.addRange(vector({ TYPE: 'IP4', IP: first, SIZE: RANGE_SIZE }));
  network.goTo(NETWORK.ready);
  return network.id;
};

/** Monitoring figures with as many digits as real ones. */
const monitor = ({ site }: OpenNebula): void => {
  const seen = { CPU: '4.51', DISKRDBYTES: 2_907_488_256, DISKRDIOPS: 104_337, DISKWRBYTES: 4_029_480_960 };
  const more = { DISKWRIOPS: 297_401, MEMORY: 304_087, NETRX: 76_743_912, NETTX: 73_740_021 };
  for (const vm of site.vms.ascending()) {
    vm.monitoring = vector({ ...seen, ...more, ID: vm.id, TIMESTAMP: site.now() });
    vm.template.set('TM_MAD_SYSTEM', 'dummy');
    vm.touch();
  }
};

/** Minimal machines of few owners, for first looks: `stand-in.mjs large`. */
const isLarge = process.argv[2] === 'large';

const one = await startOpenNebula();
for (const size of isLarge ? LARGE : []) {
  addUser(one.site, { name: ownerOf(size), password: 'password', gid: 1 });
  one.fill(size, { session: sessionOf(ownerOf(size)), rendered: false });
}
const owners = isLarge ? [] : [...SIZES.map((size) => ({ name: ownerOf(size), machines: size })), SPARE];
for (const [index, { name, machines }] of owners.entries()) {
  const network = networkOf(one, name, 1, `10.${64 + index}.0.1`);
  one.fill(machines, { session: sessionOf(name), state: 'RUNNING', template: machineOn(network) });
}
for (const network of [0, 1]) {
  const range = vector({ TYPE: 'IP4', IP: `10.${100 + network}.0.1`, SIZE: RANGE_SIZE });
  one.site.networks.must(network).addRange(range);
}
if (!isLarge) monitor(one);
console.log(one.endpoint);
