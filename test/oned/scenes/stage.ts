import type { OpenNebula } from '../index.ts';
import { perform } from '../methods.ts';
import { vector } from '../template.ts';
import type { Vm } from '../vm.ts';
import type { Param } from '../xml-rpc-call.ts';

/** What must have happened before a recorded exchange. */
export type Scene = (stage: Stage) => void;

const param = (value: string | number | boolean): Param => {
  if (typeof value === 'string') return { type: 'string', value };
  return typeof value === 'number' ? { type: 'integer', value } : { type: 'boolean', value };
};

/** Sets up what a recording needs, by the same calls that led to it. */
export class Stage {
  constructor(readonly one: OpenNebula) {}

  /** A call that must succeed. */
  call(user: string, method: string, ...params: (string | number | boolean)[]): void {
    const session = user.includes(':') ? user : `${user}:password`;
    const answer = perform(this.one.site, { method, params: [session, ...params].map(param) }, () => {});
    if (!answer.includes('<boolean>1</boolean>')) throw new Error(`${method} was refused: ${answer}`);
  }

  /** As `call`, and everything that follows from it has happened. */
  done(user: string, method: string, ...params: (string | number | boolean)[]): this {
    this.call(user, method, ...params);
    this.one.site.steps.settle();
    return this;
  }

  /** As `call`, and nothing that follows from it happens until the exchange is over. */
  begun(user: string, method: string, ...params: (string | number | boolean)[]): this {
    this.one.site.steps.hold();
    this.call(user, method, ...params);
    return this;
  }

  vm(id: number): Vm {
    return this.one.site.vms.must(id);
  }

  /** A VM of the template small-ubuntu, running or on hold. */
  small(id = 0, { name = 'web-1', hold = false, user = 'alice', template = 0 } = {}): this {
    this.one.site.vms.next = id;
    return this.done(user, 'one.template.instantiate', template, name, hold, '', false);
  }

  /** One step of everything that moves, until a VM is in the state. */
  until(id: number, state: string): this {
    const { steps } = this.one.site;
    for (let step = 0; this.vm(id).stateName !== state; step += 1) {
      if (step > 20) throw new Error(`VM ${id} is ${this.vm(id).stateName} and never was ${state}.`);
      steps.advance();
    }
    return this;
  }

  /** An action, at the moment at which the VM is in a state on the way. */
  acting(id: number, action: string, state: string, user = 'alice'): this {
    return this.begun(user, 'one.vm.action', action, id).until(id, state);
  }

  /** What the monitor has seen of a VM. */
  monitored(id: number): this {
    const values = ['CPU', 'DISKRDBYTES', 'DISKRDIOPS', 'DISKWRBYTES', 'DISKWRIOPS', 'MEMORY', 'NETRX', 'NETTX'];
    const seen = Object.fromEntries(values.map((name) => [name, 1]));
    this.vm(id).monitoring = vector({ ...seen, ID: id, TIMESTAMP: this.one.site.now() });
    this.vm(id).touch();
    return this;
  }
}
